// How long training keeps the main thread from everything else: the longest block in each step of training AlexNet on MNIST, through
// the ordinary trainer and data pipeline, against the promised bound. The first step and what comes before it, the compilation, do
// not count. The delay of the event loop holds the time in which the system gave the processor to other programs as well; Linux tells
// that time in /proc, and it is subtracted.
import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { alexnet } from '../packages/alexnet/dist/index.js'
import { createModel, sgdw } from '../packages/core/dist/index.js'
import { mnist } from '../packages/data/dist/index.js'
import { onnx } from '../packages/engine-onnx/dist/index.js'
import { Trainer } from '../packages/trainer/dist/index.js'

/** Milliseconds for which a step may keep the main thread at a stretch. */
const bound = 50
const { values } = parseArgs({
  options: {
    'batch-size': { type: 'string', default: '32' },
    input: { type: 'string', multiple: true, default: ['67x67x1', '227x227x3'] },
    steps: { type: 'string', default: '8' },
  },
})
const batchSize = Number(values['batch-size'])
const steps = Number(values.steps)

/** Milliseconds that the main thread has waited for a processor so far; undefined where the system does not tell. */
function waitedForProcessor() {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6
  } catch {
    return undefined
  }
}

/** Looks every millisecond how long the last turn of the event loop took. */
class Watch {
  #delay = monitorEventLoopDelay({ resolution: 1 })
  #last = performance.now()
  #waited = waitedForProcessor()
  #longest = 0
  #timer = setInterval(() => this.#look(), 1)

  constructor() {
    this.#delay.enable()
  }

  #look() {
    const [now, waited] = [performance.now(), waitedForProcessor()]
    this.#longest = Math.max(this.#longest, now - this.#last - ((waited ?? 0) - (this.#waited ?? 0)))
    this.#last = now
    this.#waited = waited
  }

  /** The longest since the last call: the delay of the event loop, and the thread's own part of it. */
  take() {
    this.#look()
    const taken = { delay: this.#delay.max / 1e6, own: this.#longest }
    this.#delay.reset()
    this.#longest = 0
    return taken
  }

  stop() {
    clearInterval(this.#timer)
    this.#delay.disable()
  }
}

async function measure(input) {
  const imageShape = input.split('x').map(Number)
  const dataset = await mnist({ split: 'train', imageShape, limit: batchSize * (steps + 1) })
  const watch = new Watch()
  const blocks = []
  const trainer = new Trainer({
    model: createModel(alexnet, { input: imageShape, classes: 10 }),
    engine: onnx({ device: 'cpu' }),
    optimizer: sgdw({ learningRate: 0.001, weightDecay: 5e-4, momentum: 0.9 }),
    callbacks: [{ onStep: () => void blocks.push(watch.take()) }],
  })
  await trainer.fit(dataset, { epochs: 1, batchSize })
  await trainer.dispose()
  watch.stop()
  return blocks.slice(1)
}

const milliseconds = (value) => `${value.toFixed(1)} ms`
const most = (blocks, name) => Math.max(...blocks.map((block) => block[name]))

console.log(`AlexNet, MNIST, batch ${batchSize}, ${steps} steps; Node ${process.version}, ${cpus()[0]?.model.trim()}`)
console.log(
  waitedForProcessor() === undefined
    ? 'This system does not tell how long a thread waits for a processor: other programs count too.'
    : 'The longest block a step, without the time in which other programs had the processor:',
)
let exceeded = false
for (const input of values.input) {
  const blocks = await measure(input)
  const longest = most(blocks, 'own')
  exceeded ||= longest > bound
  console.log(
    `${input.padEnd(9)} ${blocks.map(({ own }) => own.toFixed(1)).join(' ')} | longest ${milliseconds(longest)} of ${milliseconds(bound)}; with other programs ${milliseconds(most(blocks, 'delay'))}`,
  )
}
process.exitCode = exceeded ? 1 : 0
