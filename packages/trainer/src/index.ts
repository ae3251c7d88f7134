export { type Prefetched, type PrefetchOptions, prefetch } from './batches/index.js'
export * from './callbacks/index.js'
export type { Settings } from './checkpoint/index.js'
export type { Evaluation } from './evaluation.js'
export type { FitResult } from './fitting.js'
export type { Mistake } from './metrics/index.js'
export { Trainer } from './node-trainer.js'
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
export {
  type BadImagesRecord,
  type FinishedScore,
  type MeanImage,
  type Metrics,
  type NewestWeights,
  type Resumed,
  RunFolder,
  type RunRecord,
  type StartingWeightsRecord,
  type TestRecord,
  type ValidationRecord,
  type WeightsSource,
} from './run/index.js'
export type { Position } from './stand.js'
