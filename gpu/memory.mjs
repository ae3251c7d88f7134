// Trains some steps and says what memory was taken meanwhile; its last line is JSON.
import { takenOfGpu } from './machine.mjs'
import { openTrainer } from './trainer.mjs'

const { steps, every, batchSize, target, ...work } = JSON.parse(process.argv[2])
const before = await takenOfGpu()
const trainer = await openTrainer({ ...work, target, batchSizes: { train: [batchSize] } })
const after = []
for (let step = 1; step <= steps; step++) {
  await trainer.run('train', batchSize)
  if (step % every !== 0) continue
  const taken = await takenOfGpu()
  // Of the GPU's, what others take is left out.
  const gpuMiB = taken === undefined || before === undefined ? undefined : taken - before
  after.push({ step, processMiB: Math.round(process.memoryUsage().rss / 2 ** 20), gpuMiB })
}
await trainer.dispose()
console.log(JSON.stringify({ description: trainer.description, after }))
