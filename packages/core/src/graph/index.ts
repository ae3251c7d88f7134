export { GraphBuilder } from './builder.js'
export type { Assignment, Graph, GraphNode, NamedValue } from './graph.js'
export { convolutionSize, poolSize, primitives } from './inference.js'
export { flattenSamples, type Operand, type Ops, opsFor, type ReductionOptions } from './ops.js'
export type {
  ConvolutionAttributes,
  DType,
  LocalResponseNormalizationAttributes,
  PoolAttributes,
  PrimitiveAttributes,
  PrimitiveName,
  TensorType,
} from './primitives.js'
export type { Value } from './value.js'
