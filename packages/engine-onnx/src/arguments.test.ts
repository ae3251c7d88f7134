import { describeArguments } from '../../../tools/argument-face.js'
import * as cuda from './cuda.js'
import * as entry from './index.js'

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
