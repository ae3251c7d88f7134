export { type CheckpointFolder, type CheckpointsOptions, checkpoints } from './checkpoints.js'
export { callbackDefinitions } from './definitions.js'
export { type EarlyStoppingOptions, earlyStopping } from './early-stopping.js'
export { type KeepBestOptions, keepBest } from './keep-best.js'
export type { Better, Monitor } from './monitor.js'
export {
  type EpochProgress,
  type ProgressOptions,
  progress,
  type StepProgress,
  type TrainingProgress,
} from './progress.js'
export { type RecorderOptions, recorder } from './recorder.js'
export { type ReduceOnPlateauOptions, reduceOnPlateau } from './reduce-on-plateau.js'
export { type WaitMeterOptions, waitMeter } from './wait-meter.js'
