export { balancedAccuracy, f1, precision, recall } from './by-class.js'
export { calibrationError } from './calibration-error.js'
export { type ClassScore, classScores } from './class-scores.js'
export { type Confusion, confusions } from './confusions.js'
export { defineMetric, isMetric, type MetricDefinition, type MetricDescription } from './define-metric.js'
export { metricDefinitions } from './definitions.js'
export { Measured, requireOwnNames } from './measured.js'
export type {
  Metric,
  MetricBatch,
  MetricTally,
  MetricValue,
} from './metric.js'
export { RunningScore, type Scored, type Totals } from './running-score.js'
export { topK } from './top-k.js'
export { ViewMean } from './view-mean.js'
export { withoutRows } from './without-rows.js'
export { type Mistake, WorstMistakes } from './worst-mistakes.js'
