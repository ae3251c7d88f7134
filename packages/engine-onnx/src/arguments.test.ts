import { describeArguments } from '../../../tools/argument-face.js'
import * as cuda from './cuda.js'
import * as entry from './index.js'
import * as model from './model.js'

describeArguments('@convzoo/engine-onnx', {
  exports: entry,
  calls: { onnx: [{ device: 'cpu', threads: 1 }], telemetry: [] },
  optional: ['onnx', 'telemetry'],
})

const project = 'nowhere'

describeArguments('@convzoo/engine-onnx/cuda', {
  exports: cuda,
  calls: { examineCuda: [project], linkOnnxruntime: [{ source: 'nowhere.whl', project }] },
  absent: ['linkOnnxruntime'],
})

describeArguments('@convzoo/engine-onnx/model', {
  exports: model,
  calls: { openOnnxModel: ['nowhere.onnx', { threads: 1 }] },
  absent: ['openOnnxModel'],
})
