import { balancedOrder, batchMakers, type PlacedBatch, prefetchBatches, shuffledOrder } from './batches/index.js'
import { labelsOf } from './class-weights.js'
import type { Sampling } from './options.js'
import { type StepDone, type StepOptions, stepAlone } from './step.js'
import { stepsAhead } from './steps-ahead.js'

export interface TrainingStepsOptions extends StepOptions {
  readonly batchSize: number
  readonly sampling: Sampling
  /** Epochs in all. */
  readonly epochs: number
  /** How many steps are done before their losses are read. */
  readonly readEvery: number
}

/**
 * Does the steps from where training stands, until the last epoch ends: `readEvery` of them at a time, fewer at the end of an epoch. Batches are
 * made ahead, those of the next epoch while one is validated and saved.
 *
 * @throws The reason of the stop, if it is given: after the steps that are under way, or while a batch is waited for.
 */
export async function* trainingSteps(
  options: TrainingStepsOptions,
): AsyncGenerator<readonly StepDone[], void, undefined> {
  const { dataset, readEvery, stand, stop } = options
  const batches = prefetchBatches(makers(options), dataset, stop)
  try {
    for (let next = await batches.next(); next.done !== true; next = await batches.next()) {
      if (readEvery === 1) {
        yield [await stepAlone(options, next.value)]
        continue
      }
      const { size } = next.value.item
      const whole = Math.floor((dataset.length - stand.position.sample) / size)
      const { done, failure } = await stepsAhead(options, Math.min(readEvery, whole), next.value, batches)
      // Whoever hears of steps hears of all that were done.
      if (done.length > 0) yield done
      if (failure !== undefined) throw failure.error
    }
  } finally {
    await batches.return()
  }
}

/** What makes the batches from where training stands, one by one. */
export function* makers(
  options: Pick<TrainingStepsOptions, 'dataset' | 'seed' | 'batchSize' | 'sampling' | 'epochs' | 'stand'>,
): Generator<() => Promise<PlacedBatch>, void, undefined> {
  const { dataset, seed, batchSize, sampling, epochs, stand } = options
  const { epoch: first, sample } = stand.position
  for (let epoch = first; epoch < epochs; epoch++) {
    const from = epoch === first ? sample : 0
    const purpose = { training: true, seed, epoch }
    if (sampling === 'shuffled') {
      yield* batchMakers(dataset, shuffledOrder(seed, epoch, dataset.length), batchSize, {
        from,
        purpose: () => purpose,
      })
      continue
    }
    // A sample that comes again in an epoch is to look otherwise: each batch draws as an epoch of its own would.
    const batches = Math.ceil(dataset.length / batchSize)
    yield* batchMakers(dataset, balancedOrder(seed, epoch, labelsOf(dataset, 'sampling')), batchSize, {
      from,
      purpose: (start) => ({ ...purpose, epoch: epoch * batches + Math.floor(start / batchSize) }),
    })
  }
}
