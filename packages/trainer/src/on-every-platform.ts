/** What the trainer is in Node.js and in a browser alike. */
export { type Prefetched, type PrefetchOptions, prefetch } from './batches/index.js'
export * from './callbacks/index.js'
export { checkpointBytes, type Settings } from './checkpoint/index.js'
export type { ClassWeights } from './class-weights.js'
export type { Evaluation } from './evaluation-result.js'
export type { FitResult } from './fitting.js'
export {
  balancedAccuracy,
  type ClassScore,
  type Confusion,
  calibrationError,
  classScores,
  confusions,
  defineMetric,
  f1,
  type Metric,
  type MetricBatch,
  type MetricDefinition,
  type MetricDescription,
  type MetricTally,
  type MetricValue,
  type Mistake,
  metricDefinitions,
  precision,
  recall,
  topK,
} from './metrics/index.js'
export type {
  EvaluateOptions,
  FitOptions,
  LoadedCheckpoint,
  PredictOptions,
  PrepareOptions,
  ReadWeightsOptions,
  Sampling,
  TrainerOptions,
  WeightsKind,
  Workload,
  WriteWeightsOptions,
} from './options.js'
export type { ParameterGroup } from './parameter-groups.js'
export { type RankedClass, topClasses } from './prediction.js'
export type { Position } from './stand.js'
