// convzoo's side of `pnpm bench:gpu`: one engine on one device. A line `{ mode, batch, steps }` is answered by the milliseconds of each step.
import { createInterface } from 'node:readline'
import { openTrainer } from '../../gpu/trainer.mjs'

const { target, input, classes, batches } = JSON.parse(process.argv[2])
const work = { network: 'alexnet', input: input.split('x').map(Number), classes, target }
const trainer = await openTrainer({ ...work, batchSizes: { train: batches, predict: batches } })
console.log(JSON.stringify({ description: trainer.description }))

async function timed({ mode, batch, steps }) {
  const milliseconds = []
  for (let count = 0; count < steps; count++) {
    const began = performance.now()
    await trainer.run(mode, batch)
    milliseconds.push(performance.now() - began)
  }
  return { milliseconds, processMiB: Math.round(process.memoryUsage().rss / 2 ** 20) }
}

for await (const line of createInterface({ input: process.stdin })) {
  try {
    console.log(JSON.stringify(await timed(JSON.parse(line))))
  } catch (error) {
    console.log(JSON.stringify({ error: error.message }))
  }
}
await trainer.dispose()
