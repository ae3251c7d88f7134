export {
  type Architecture,
  type ArchitectureId,
  type ArchitectureTag,
  architectureSpecification,
  type BuildInputs,
  type BuiltNetwork,
  type Paper,
  type PeerTensor,
  type PeerWeights,
  type TagDefaults,
} from './architecture.js'
export { type ByteArithmetic, byteArithmetic } from './byte-arithmetic.js'
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
  type TrainingScore,
} from './callback.js'
export {
  type Batch,
  type BatchPurpose,
  type Dataset,
  datasetSpecification,
  type ImageShape,
  type LabelledImages,
  type Split,
  type SplitDataset,
  type SplitImages,
  splitNames,
  type WantedImages,
} from './dataset.js'
export { classNames, imageShapeKind, indicesKind, pixels, preprocessingKind } from './dataset-kinds.js'
export {
  type CallbackDefinition,
  type CallbackDescription,
  defineCallback,
  isCallbackDefinition,
} from './define-callback.js'
export {
  type DatasetDefinition,
  type DatasetDescription,
  type DatasetMaker,
  type DatasetParts,
  defineDataset,
  isDatasetDefinition,
  type SplitLoader,
} from './define-dataset.js'
export { defineEngine, type EngineDefinition, type EngineDescription, isEngineDefinition } from './define-engine.js'
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
export {
  byteRangePreprocessing,
  imagenetPreprocessing,
  pcaNoisePreprocessing,
  randomCropPreprocessing,
} from './imagenet.js'
export { type Normalization, normalizationOf, type UsableWhitening, whiteningOf } from './normalization.js'
export type { Augmentation, FittedWhitening, Preprocessing, Range, Whitening } from './preprocessing.js'
export type { Recipe, RecipeChoice } from './recipe.js'
export { requireSpecification } from './specification.js'
