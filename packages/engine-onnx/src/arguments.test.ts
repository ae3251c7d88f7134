import { describeArguments } from '../../../tools/argument-face.js'
import * as entry from './index.js'

describeArguments('@convzoo/engine-onnx', {
  exports: entry,
  calls: { onnx: [{ device: 'cpu', threads: 1 }], telemetry: [] },
  optional: ['onnx', 'telemetry'],
})
