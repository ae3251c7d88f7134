export type {
  Architecture,
  ArchitectureId,
  ArchitectureTag,
  BuildInputs,
  Paper,
} from './architecture.js'
export type { Callback, EpochRecord, Progress, Score, StepRecord } from './callback.js'
export type { Batch, BatchPurpose, Dataset, ImageShape } from './dataset.js'
export type {
  CompileOptions,
  DeviceReport,
  Engine,
  Executable,
  Inputs,
  NamedTensor,
  Outputs,
} from './engine.js'
export { imagenetPreprocessing } from './imagenet.js'
export type { Augmentation, Preprocessing, Range } from './preprocessing.js'
export { requireSpecification } from './specification.js'
