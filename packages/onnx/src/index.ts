export type { OnnxFunction, Port, RandomPort } from './onnx-function.js'
export { type ToOnnxOptions, toOnnx } from './to-onnx.js'
