// Training steps of AlexNet on one device alone: what there is time for where the whole bench takes too long. Its last line is JSON.
//
//   node bench/gpu/steps.mjs [--on webgpu|cuda] [--precision tf32] [--batch 128] [--steps 20] [--project .]
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { settingsOf } from '../../gpu/settings.mjs'
import { openTrainer } from '../../gpu/trainer.mjs'
import { rates } from './statistics.mjs'

const { values } = parseArgs({
  options: {
    on: { type: 'string', default: 'webgpu' },
    precision: { type: 'string' },
    batch: { type: 'string', default: '128' },
    steps: { type: 'string', default: '20' },
    project: { type: 'string', default: '.' },
  },
})
const {
  targets: [target],
  bench,
} = settingsOf(false, values.on)
if (target === undefined) {
  console.error(`There is no device ${values.on}: --on takes webgpu or cuda.`)
  process.exit(2)
}
const batch = Number(values.batch)
const options = values.precision === undefined ? target.options : { ...target.options, precision: values.precision }
const trainer = await openTrainer({
  network: 'alexnet',
  input: bench.input.split('x').map(Number),
  classes: bench.classes,
  target: { ...target, options, project: resolve(values.project) },
  batchSizes: { train: [batch] },
})
const milliseconds = []
for (let step = 0; step < Number(values.steps); step++) {
  const began = performance.now()
  await trainer.run('train', batch)
  milliseconds.push(performance.now() - began)
}
await trainer.dispose()
// The first few compile shaders, find algorithms and take memory.
const warm = milliseconds.slice(Math.min(4, milliseconds.length - 1))
console.log(
  JSON.stringify({ description: trainer.description, ...rates({ mode: 'train', batch, milliseconds: warm }) }),
)
