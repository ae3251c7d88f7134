// convzoo's side of `pnpm bench:gpu`: one engine on one device. A line `{ mode, batch, steps }` is answered by the milliseconds of each step.
import { createInterface } from 'node:readline'
import { openTrainer } from '../../gpu/trainer.mjs'

const { target, input, classes, batches } = JSON.parse(process.argv[2])
const work = { network: 'alexnet', input: input.split('x').map(Number), classes, target }
const trainer = await openTrainer({ ...work, batchSizes: { train: batches, predict: batches } })
console.log(JSON.stringify({ description: trainer.description }))

/** Steps of which each is asked for while the two before it may be under way: the milliseconds from the results of one to those of the next. */
async function aheadOf(batch, steps) {
  const milliseconds = []
  const underWay = []
  let before = performance.now()
  const asked = async (running) => {
    await running
    const now = performance.now()
    milliseconds.push(now - before)
    before = now
  }
  for (let count = 0; count < steps; count++) {
    underWay.push(asked(trainer.run('train', batch, count > 0)))
    if (underWay.length === 3) await underWay.shift()
  }
  await Promise.all(underWay)
  return milliseconds
}

async function oneByOne(mode, batch, steps) {
  const milliseconds = []
  for (let count = 0; count < steps; count++) {
    const began = performance.now()
    await trainer.run(mode, batch)
    milliseconds.push(performance.now() - began)
  }
  return milliseconds
}

async function timed({ mode, batch, steps }) {
  const milliseconds = await (mode === 'train-ahead' ? aheadOf(batch, steps) : oneByOne(mode, batch, steps))
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
