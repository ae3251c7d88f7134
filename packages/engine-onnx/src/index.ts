export { type OnnxDevice, type OnnxOptions, onnx, onnxDevices } from './engine.js'
export { type Telemetry, telemetry } from './runtime/telemetry.js'
