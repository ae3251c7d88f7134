/** What a network leaves as: a model of ONNX, a LayersModel of TensorFlow.js, or its weights alone. */
export const exportFormats = ['onnx', 'tfjs', 'safetensors'] as const
export type ExportFormat = (typeof exportFormats)[number]
