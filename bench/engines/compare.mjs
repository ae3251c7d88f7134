// Trains AlexNet on each engine of the CPU beside Keras, on the same work.
//
//   pnpm bench:engines [--project <folder>] [--python <a Python with tensorflow>] [--rounds 5] [--steps 4] [--batch-size 32] [--input 227x227x3] [--classes 1000]
//
// The project is where @tensorflow/tfjs-node is installed; that of `pnpm verify:tfjs-node` by default.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compete, contestant, workOf } from '../contest.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const ours = join(here, '../training/convzoo.mjs')
const project = join(here, '../../node_modules/.cache/convzoo/tfjs-node')
const { values, work } = workOf({ project, python: 'python3' })
const engine = (name, device) =>
  contestant(`${name} on ${device}`, process.execPath, [ours, ...work, '--engine', name, '--device', device], {
    cwd: values.project,
  })
await compete(
  [
    engine('onnx', 'cpu'),
    engine('tfjs', 'node'),
    contestant('keras', values.python, [join(here, '../training/keras_alexnet.py'), ...work]),
  ],
  values,
)
