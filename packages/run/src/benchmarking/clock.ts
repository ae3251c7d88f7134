import { categoricalCrossentropy, type Dataset, type Engine, type Model, sgdw } from '@convzoo/core'
import { sizeOf } from '@convzoo/core/define'
import { createProgram, fillUniform, functionName, initialState, seedWords, streamKey } from '@convzoo/core/engine'
import { Trainer } from '@convzoo/trainer'

/** What steps took. */
export interface Clocked {
  readonly milliseconds: readonly number[]
  /** What they ran on, in one line. */
  readonly description: string
}

/** How long is measured. */
export interface Clocking {
  readonly batchSize: number
  readonly seconds: number
  /** Steps that are counted at least. */
  readonly least: number
  readonly signal: AbortSignal | undefined
  readonly log: (line: string) => void
}

/** Steps before those that are counted: the first ones find nothing in its place. */
const warmUp = 2

/** Batches of an epoch: what its end takes is no part of a step. */
const epochSteps = 100

/** Counts steps until there are enough of them. */
class Clock {
  readonly milliseconds: number[] = []
  readonly #clocking: Clocking
  #seen = 0
  #began = 0

  constructor(clocking: Clocking) {
    this.#clocking = clocking
  }

  /** Whether that was the last one. */
  step(milliseconds: number): boolean {
    if (this.#seen++ < warmUp) {
      this.#began = performance.now()
      return false
    }
    this.milliseconds.push(milliseconds)
    const { least, seconds } = this.#clocking
    return this.milliseconds.length >= least && performance.now() - this.#began >= 1000 * seconds
  }
}

/** Steps of training with the notebook's optimizer. Undefined if it was stopped. */
export async function clockTraining(model: Model, engine: Engine, clocking: Clocking): Promise<Clocked | undefined> {
  const { batchSize, signal, log } = clocking
  const clock = new Clock(clocking)
  await using trainer = new Trainer({
    ...{ model, engine, log },
    optimizer: sgdw({ weightDecay: 5e-4, momentum: 0.9, learningRate: 1e-4 }),
    callbacks: [
      {
        onStep: ({ seconds }, { stop }) => {
          if (clock.step(1000 * seconds)) stop('it is measured')
        },
      },
    ],
  })
  const { completed } = await trainer.fit(noisyDataset(model, batchSize), {
    epochs: Number.MAX_SAFE_INTEGER,
    batchSize,
    sampling: 'shuffled',
    ...(signal === undefined ? {} : { signal }),
  })
  return completed ? { milliseconds: clock.milliseconds, description: trainer.description ?? '' } : undefined
}

/** Predictions of whole batches. Undefined if it was stopped. */
export async function clockPredictions(model: Model, engine: Engine, clocking: Clocking): Promise<Clocked | undefined> {
  const { batchSize, signal, log } = clocking
  const program = createProgram({ model, loss: categoricalCrossentropy(), batchSizes: { predict: [batchSize] } })
  const executable = await engine.compile(program, { log })
  try {
    await executable.writeState(initialState(program, 1))
    const images = noise(model, batchSize)
    const clock = new Clock(clocking)
    for (;;) {
      if (signal?.aborted === true) return undefined
      const began = performance.now()
      await executable.run(functionName('predict', batchSize), { images })
      if (clock.step(performance.now() - began)) break
    }
    return { milliseconds: clock.milliseconds, description: executable.description }
  } finally {
    await executable.dispose()
  }
}

/** Images [N, H, W, C] from −1 to 1. */
function noise({ inputs: [input] }: Model, count: number): Float32Array {
  const images = new Float32Array(count * sizeOf(input?.shape ?? []))
  fillUniform(streamKey(seedWords(1), 'images'), 0, images, 0, images.length)
  return images.map((value) => 2 * value - 1)
}

/** The same batch again and again, of one class after the other. */
function noisyDataset(model: Model, batchSize: number): Dataset {
  const { classes } = model
  const images = noise(model, batchSize)
  const targets = new Float32Array(batchSize * classes)
  for (let row = 0; row < batchSize; row++) targets[row * classes + (row % classes)] = 1
  const [height = 1, width = 1, channels = 1] = model.inputs[0]?.shape ?? []
  return {
    specification: 'dataset/v1',
    name: 'noise',
    length: epochSteps * batchSize,
    classes: Array.from({ length: classes }, (_, label) => String(label)),
    imageShape: [height, width, channels],
    batch: async () => ({ images, targets }),
  }
}
