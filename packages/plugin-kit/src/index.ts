export { type DescribeEngineOptions, describeEngine } from './describe-engine.js'
