export {
  type DescribeArchitectureOptions,
  describeArchitecture,
  type ExpectedNumbers,
  type PluginManifest,
} from './describe-architecture.js'
export { type DescribeEngineOptions, describeEngine } from './describe-engine.js'
export { type DescribeOptimizerOptions, describeOptimizer } from './describe-optimizer.js'
export type { Skips } from './skips.js'
