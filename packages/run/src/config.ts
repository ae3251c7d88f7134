export { type BenchmarkMode, benchmarkModes, longestBenchmark } from './benchmarking/modes.js'
export { changedConfig, type RunChanges } from './config/changes.js'
export {
  type ChoiceKind,
  completeConfig,
  type RunConfig,
  type RunSettings,
  sectionNames,
  usual,
  usualMetrics,
} from './config/config.js'
export { given } from './config/given.js'
export { optimizerDefaults } from './config/optimizer-defaults.js'
export { readConfigFile } from './config/read-config.js'
export { recipes, recipesOf, usualRecipe, withRecipe } from './config/recipes.js'
export {
  checkpointsSection,
  dataSection,
  engineSection,
  networkSection,
  scheduleSection,
  trainingSection,
} from './config/sections.js'
export { hyphenated, settingWords } from './config/words.js'
export { type ExportFormat, exportFormats } from './export/formats.js'
export { runColumns } from './listing/columns.js'
export { cropCounts } from './opened/crops.js'
export { evaluatedSplits } from './source/evaluated-splits.js'
export { sourceDescription, wholeSource } from './source/open-source.js'
export { type VisualizeMethod, visualizeMethods } from './visualizing/methods.js'
