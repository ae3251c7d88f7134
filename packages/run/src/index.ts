export { benchmark } from './benchmark.js'
export type { Benchmark } from './benchmarking/measure.js'
export { type BenchmarkMode, benchmarkModes } from './benchmarking/modes.js'
export type { BenchmarkOptions } from './benchmarking/options.js'
export type { LayerTime } from './benchmarking/profile.js'
export type { RunChanges } from './config/changes.js'
export type { RunConfig, RunSettings } from './config/config.js'
export { readConfigFile } from './config/read-config.js'
export { recipes, recipesOf, withRecipe } from './config/recipes.js'
export type { ConfusedClasses, DiagnosedFinding, RunDiagnosis } from './diagnosing/diagnose.js'
export type { RunDiagnoseOptions } from './diagnosing/options.js'
export { chooseEngine, type EngineChoice, openEngine } from './engine/choice.js'
export { type InstalledEngine, inspectEngines } from './engine/engines.js'
export type { RunEvent, RunProgress, StartEvent, TrainingEvent } from './events.js'
export { type ExportFormat, exportFormats } from './export/formats.js'
export type {
  Comparison,
  ExportedNetwork,
  ExportedOnnx,
  ExportedSafetensors,
  ExportedTfjs,
  ExportOptions,
} from './export/options.js'
export { type ExportedWeights, type ExportWeightsOptions, exportWeights } from './export-weights.js'
export { type DataReport, type InspectDataOptions, inspectData } from './images/inspect-data.js'
export { type DataPreview, type PreviewDataOptions, previewData } from './images/preview-data.js'
export { type ImportedWeights, type ImportWeightsOptions, importWeights } from './import-weights.js'
export {
  type InstalledChoice,
  type InstalledChoices,
  type InstalledDefinition,
  type InstalledNetwork,
  installedChoices,
  type ShippedWeights,
} from './installed/choices.js'
export { inspectMachine, type MachineReport } from './installed/machine.js'
export type { RunListener } from './listener.js'
export {
  type ListedRuns,
  type ListRunsOptions,
  listRuns,
  type UnlistedFolder,
} from './listing/list-runs.js'
export type { ListedRun } from './listing/listed-run.js'
export { type OpenWeightsOptions, openWeights } from './open-weights.js'
export type { Crops } from './opened/crops.js'
export type { DrawnMistakes } from './opened/draw-mistakes.js'
export type { RunEvaluation } from './opened/evaluate.js'
export type { Prediction, SampleChoice } from './opened/predict.js'
export type { Choice, Chosen, Definition } from './plugins/definition.js'
export { bringPlugins } from './plugins/installed.js'
export { type OpenRunOptions, openRun, Run } from './run.js'
export { type RunSchemaOptions, runSchema } from './schema.js'
export { type EvaluatedSplit, evaluatedSplits } from './source/evaluated-splits.js'
export { resume, train } from './train.js'
export { type RunEvaluateOptions, type RunPredictOptions, TrainedNetwork } from './trained-network.js'
export { evaluateCommand, predictCommand, repeatCommand, resumeCommand } from './training/commands.js'
export type { TrainResult } from './training/conduct.js'
export type { ResumeOptions, TrainOptions } from './training/options.js'
export { askRun, type RunRequest } from './training/requests.js'
export type { DryRun, TriedImages } from './trials/dry-run.js'
export type { FindLearningRateOptions, FoundLearningRate } from './trials/find-learning-rate.js'
export type { TrialOptions } from './trials/options.js'
export type { RatePoint } from './trials/smoothed.js'
export { dryRun, findLearningRate, learningRatesPicture } from './trials.js'
export { type VisualizeMethod, visualizeMethods } from './visualizing/methods.js'
export type { VisualizeOptions } from './visualizing/options.js'
export type { VisualizedPicture } from './visualizing/pictures.js'
export type { Visualized } from './visualizing/visualize.js'
