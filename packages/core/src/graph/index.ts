export { GraphBuilder, type Value } from './builder.js'
export type { Assignment, Graph, GraphNode, NamedValue } from './graph.js'
export { flattenSamples, type Operand, type Ops, opsFor, type ReductionOptions } from './ops.js'
export {
  type ConvolutionAttributes,
  convolutionSize,
  type DType,
  type PoolAttributes,
  type PrimitiveAttributes,
  type PrimitiveName,
  poolSize,
  primitives,
  type TensorType,
} from './primitives.js'
