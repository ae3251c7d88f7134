export type { Target } from './lowering/emitter.js'
export type { OnnxFunction, Port, RandomPort } from './onnx-function.js'
export { passedInput, passedOutput, passingModel } from './passing-model.js'
export { type ToOnnxOptions, toOnnx } from './to-onnx.js'
