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

export interface TrainingEpochOptions {
  readonly session: Session
  readonly dataset: Dataset
  readonly optimizer: Optimizer
  readonly seed: number
  readonly batchSize: number
  /** Counts the steps in. */
  readonly running: RunningScore
}

/** One way through a dataset, step by step. */
export class TrainingEpoch {
  readonly #options: TrainingEpochOptions

  constructor(options: TrainingEpochOptions) {
    this.#options = options
  }

  /** Does the steps from a position on, until the epoch ends or the signal is given. */
  async *steps(from: Position, signal?: AbortSignal): AsyncGenerator<StepDone, void, undefined> {
    const { dataset, seed, batchSize } = this.#options
    const order = shuffledOrder(seed, from.epoch, dataset.length)
    let position = from
    if (isAborted(signal)) return
    const purpose = { training: true, seed, epoch: from.epoch }
    const makers = batchMakers(dataset, order, batchSize, { from: from.sample, purpose })
    for await (const { item, waited } of prefetch(makers, dataset)) {
      const done = await this.#step(item, waited, position)
      dataset.recycle?.(item)
      position = done.position
      yield done
      if (isAborted(signal)) return
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
    running.add({ losses, probabilities: requireOutput(outputs, 'probabilities'), targets })
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
