export { type DescribeEngineOptions, describeEngine } from './describe-engine.js'
export { type DescribeOptimizerOptions, describeOptimizer } from './describe-optimizer.js'
