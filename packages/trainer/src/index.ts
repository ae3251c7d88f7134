export { Trainer } from './node-trainer.js'
export * from './on-every-platform.js'
export {
  type BadImagesRecord,
  type FinishedScore,
  type History,
  type MeanImage,
  type Metrics,
  type NewestWeights,
  type Resumed,
  type RunFiles,
  RunFolder,
  type RunRecord,
  type StartingWeightsRecord,
  type StepWeights,
  type StoredMistake,
  type TestRecord,
  type ValidationRecord,
  type WeightsSource,
} from './run/index.js'
