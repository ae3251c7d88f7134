import { library } from '../../tools/tsup.js'

export default library({
  workers: ['src/session/onnx-worker.ts', 'src/model/onnx-model-worker.ts', 'src/cuda/onnx-probe.ts'],
})
