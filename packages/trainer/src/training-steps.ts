import { ConvzooError, type Dataset, type Optimizer, type StepRecord, scalarsAt, seedWords } from '@convzoo/core'
import { batchMakers, type PlacedBatch, prefetch, shuffledOrder } from './batches/index.js'
import type { RunningScore } from './metrics/index.js'
import { requireOutput } from './outputs.js'
import type { Session } from './session.js'

/** How far training has come. */
export interface Position {
  /** Optimizer steps done. */
  readonly step: number
  /** Epochs completed. */
  readonly epoch: number
  /** Samples done of the epoch under way. */
  readonly sample: number
}

/** A step that was done, and where training stands after it. */
export interface StepDone {
  readonly record: StepRecord
  readonly position: Position
}

export interface TrainingStepsOptions {
  readonly session: Session
  readonly dataset: Dataset
  readonly optimizer: Optimizer
  readonly seed: number
  readonly batchSize: number
  /** Epochs in all. */
  readonly epochs: number
  /** Where the steps of the epoch under way are counted in. */
  readonly running: () => RunningScore
}

/** Several ways through a dataset, step by step. Batches are made ahead, those of the next epoch while one is validated and saved. */
export class TrainingSteps {
  readonly #options: TrainingStepsOptions

  constructor(options: TrainingStepsOptions) {
    this.#options = options
  }

  /** Does the steps from a position on, until the last epoch ends or the signal is given. */
  async *from(start: Position, signal?: AbortSignal): AsyncGenerator<StepDone, void, undefined> {
    const { dataset } = this.#options
    let position = start
    if (isAborted(signal)) return
    for await (const { item, waited } of prefetch(this.#makers(start), dataset)) {
      if (position.sample >= dataset.length) position = { ...position, epoch: position.epoch + 1, sample: 0 }
      const done = await this.#step(item, waited, position)
      dataset.recycle?.(item)
      position = done.position
      yield done
      if (isAborted(signal)) return
    }
  }

  *#makers({ epoch: first, sample }: Position): Generator<() => Promise<PlacedBatch>, void, undefined> {
    const { dataset, seed, batchSize, epochs } = this.#options
    for (let epoch = first; epoch < epochs; epoch++) {
      const order = shuffledOrder(seed, epoch, dataset.length)
      const purpose = { training: true, seed, epoch }
      yield* batchMakers(dataset, order, batchSize, { from: epoch === first ? sample : 0, purpose })
    }
  }

  async #step(batch: PlacedBatch, waited: number, position: Position): Promise<StepDone> {
    const { session, optimizer, seed, running } = this.#options
    const { step, epoch, sample } = position
    const { images, targets, sampleIndices, size } = batch
    const scalars = scalarsAt(optimizer, step)
    const { learningRate, weightDecay } = scalars
    const began = performance.now()
    const outputs = await session.run('train', size, {
      images,
      targets,
      sampleIndices,
      seed: Uint32Array.from(seedWords(seed)),
      step,
      ...scalars,
    })
    const seconds = (performance.now() - began) / 1000 + waited
    const losses = requireOutput(outputs, 'losses')
    const loss = Array.from(losses).reduce((sum, each) => sum + each, 0) / size
    if (requireOutput(outputs, 'finite')[0] !== 1) throw notFinite(step, loss, learningRate)
    running().add({ losses, probabilities: requireOutput(outputs, 'probabilities'), targets })
    return {
      record: { type: 'step', step, epoch, samples: size, loss, learningRate, weightDecay, seconds, waited },
      position: { step: step + 1, epoch, sample: sample + size },
    }
  }
}

/** Asked anew each time: a signal changes while a step is awaited. */
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted ?? false
}

function notFinite(step: number, loss: number, learningRate: number): ConvzooError {
  return new ConvzooError({
    kind: 'numeric',
    message: `Training left the finite numbers in step ${step}; the weights are those from before it.`,
    expected: 'a finite loss and finite weights',
    received: `a loss of ${loss} at learning rate ${learningRate}`,
    mend: 'lower the learning rate, warm it up over the first steps, or clip gradients by their global norm',
  })
}
