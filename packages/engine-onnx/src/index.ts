export { type OnnxDevice, type OnnxOptions, onnx, onnxDevices } from './engine.js'
