export {
  type Architecture,
  type ArchitectureId,
  type ArchitectureTag,
  architectureSpecification,
  type BuildInputs,
  type BuiltNetwork,
  type Paper,
  type TagDefaults,
} from './architecture.js'
export {
  type Callback,
  callbackSpecification,
  type EpochRecord,
  type PlainData,
  type Position,
  type Progress,
  type Score,
  type StepRecord,
  type TrainingContext,
  type TrainingEnding,
} from './callback.js'
export { type Batch, type BatchPurpose, type Dataset, type ImageShape, type Split, splitNames } from './dataset.js'
export { defineEngine, type EngineDefinition, type EngineParts, isEngineDefinition } from './define-engine.js'
export { compareDevices } from './devices.js'
export {
  type CompileOptions,
  compileOptions,
  type DeviceKind,
  type DeviceReport,
  type Engine,
  type Executable,
  engineSpecification,
  type Inputs,
  type NamedTensor,
  type Outputs,
} from './engine.js'
export { imagenetPreprocessing, pcaNoisePreprocessing, randomCropPreprocessing } from './imagenet.js'
export type { Augmentation, Preprocessing, Range } from './preprocessing.js'
export { requireSpecification } from './specification.js'
