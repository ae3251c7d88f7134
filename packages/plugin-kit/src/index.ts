export {
  type DescribeArchitectureOptions,
  describeArchitecture,
  type ExpectedNumbers,
  type PluginManifest,
} from './describe-architecture.js'
export { type DescribeEngineOptions, describeEngine } from './describe-engine.js'
export { type DescribeLayerOptions, describeLayer } from './describe-layer.js'
export { type DescribeLossDefinitionOptions, type DescribeLossOptions, describeLoss } from './describe-loss.js'
export {
  type DescribeOptimizerDefinitionOptions,
  type DescribeOptimizerOptions,
  describeOptimizer,
} from './describe-optimizer.js'
export type { Skips } from './skips.js'
