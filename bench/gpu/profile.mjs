// One engine on one device with a record of its operators: some steps, and what they were spent on; its last line is JSON.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTrainer } from '../../gpu/trainer.mjs'
import { readOrtProfile } from './ort-profile.mjs'
import { readWebgpuProfile } from './webgpu-profile.mjs'

const readers = { onnx: readOrtProfile, tfjs: readWebgpuProfile }

const { target, input, classes, mode, batch, steps } = JSON.parse(process.argv[2])
const folder = mkdtempSync(join(tmpdir(), 'convzoo-profile-'))
try {
  const options = { ...target.options, profile: folder }
  const work = { network: 'alexnet', input: input.split('x').map(Number), classes }
  const trainer = await openTrainer({ ...work, target: { ...target, options }, batchSizes: { [mode]: [batch] } })
  for (let count = 0; count < steps; count++) await trainer.run(mode, batch)
  await trainer.dispose()
  // The first steps look for the fastest algorithms, and take memory.
  console.log(JSON.stringify(readers[target.engine](folder, Math.ceil(steps / 2))))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
