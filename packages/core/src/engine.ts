/**
 * For authors of engines and of what drives them: graphs and their primitives, the interpreter, programs, random streams, and the
 * protocol between an engine and its worker thread.
 *
 * @packageDocumentation
 */

export {
  compareDevices,
  compileOptions,
  defineEngine,
  type EngineDefinition,
  type EngineDescription,
  engineSpecification,
  isEngineDefinition,
} from './contracts/index.js'
export * from './gradients/index.js'
export {
  type Assignment,
  type ConvolutionAttributes,
  convolutionSize,
  type DType,
  type Graph,
  GraphBuilder,
  type GraphNode,
  type LocalResponseNormalizationAttributes,
  type NamedValue,
  opsFor,
  type PoolAttributes,
  type PrimitiveAttributes,
  type PrimitiveName,
  poolSize,
  primitives,
  type TensorType,
} from './graph/index.js'
export { interpreterEngine } from './graph/interpreter/engine.js'
export { type Interpretation, type InterpretOptions, interpret } from './graph/interpreter/interpreter.js'
export type { Precision, Tensor } from './graph/interpreter/tensor.js'
export { initialize } from './initializers/index.js'
export { type HyperparameterName, scalarsAt } from './optimizers/index.js'
export { threadCount } from './options/index.js'
export {
  applyGradientsName,
  averageName,
  createProgram,
  type FunctionKind,
  functionName,
  gradientName,
  graphKind,
  initialState,
  type Program,
  type ProgramOptions,
  programKind,
  type StateRole,
  type StateSpec,
  slotName,
  zeroGradientsName,
} from './program/index.js'
export {
  fillUniform,
  permutation,
  seedWords,
  stepKey,
  streamKey,
  type UniformRequest,
  uniformForSamples,
} from './random/index.js'
export { axisLength, borderOf, dilatedSize, noBorder } from './shape.js'
export { type Channel, WorkerClient } from './worker/client.js'
export type { Arrays } from './worker/protocol.js'
export { RemoteExecutable } from './worker/remote-executable.js'
export { type Host, type ServeOptions, serve } from './worker/serve.js'
