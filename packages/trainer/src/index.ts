export type { Settings } from './checkpoint/index.js'
export type { Evaluation } from './evaluation.js'
export { type RankedClass, topClasses } from './prediction.js'
export { type Metrics, type Resumed, RunFolder } from './run/index.js'
export { openSafetensors, type SafetensorsFile, type WriteOptions, writeSafetensors } from './safetensors/index.js'
export type { TensorSpec } from './tensors.js'
export {
  type EvaluateOptions,
  type FitOptions,
  type FitResult,
  type LoadedCheckpoint,
  Trainer,
  type TrainerOptions,
  type Workload,
} from './trainer.js'
export type { Position } from './training-epoch.js'
