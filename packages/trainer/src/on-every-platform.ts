/** What the trainer is in Node.js and in a browser alike. */
export { type Prefetched, type PrefetchOptions, prefetch } from './batches/index.js'
export * from './callbacks/index.js'
export type { Settings } from './checkpoint/index.js'
export type { Evaluation } from './evaluation-result.js'
export type { FitResult } from './fitting.js'
export type { Mistake } from './metrics/index.js'
export type {
  EvaluateOptions,
  FitOptions,
  LoadedCheckpoint,
  PredictOptions,
  PrepareOptions,
  ReadWeightsOptions,
  TrainerOptions,
  WeightsKind,
  Workload,
  WriteWeightsOptions,
} from './options.js'
export { type RankedClass, topClasses } from './prediction.js'
export type { Position } from './stand.js'
