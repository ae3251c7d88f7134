export { interpreterEngine } from './graph/interpreter/engine.js'
export { type Interpretation, type InterpretOptions, interpret } from './graph/interpreter/interpreter.js'
export type { Precision, Tensor } from './graph/interpreter/tensor.js'
