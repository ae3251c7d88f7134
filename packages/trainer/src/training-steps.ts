import { ConvzooError, type Dataset, type Optimizer, type StepRecord, type WeightAverage } from '@convzoo/core'
import { scalarsAt, seedWords } from '@convzoo/core/engine'
import { balancedOrder, batchMakers, type PlacedBatch, prefetchBatches, shuffledOrder } from './batches/index.js'
import { labelsOf } from './class-weights.js'
import type { BatchSizes } from './compiled-sizes.js'
import { microBatchSizes, stepAtOnce, stepInMicroBatches } from './micro-batches.js'
import type { Sampling } from './options.js'
import type { Session } from './session.js'
import type { Stand } from './stand.js'
import type { Stop } from './stop.js'

/** A step that was done. */
export interface StepDone {
  readonly record: StepRecord
  /** Samples of the batch whose image was one of their own. */
  readonly read: number
}

export interface TrainingStepsOptions {
  readonly session: Session
  readonly dataset: Dataset
  readonly optimizer: Optimizer
  readonly average: WeightAverage | undefined
  /** The most samples of which gradients are computed at once; `undefined` for all of a batch. */
  readonly microBatchSize: number | undefined
  readonly seed: number
  readonly batchSize: number
  readonly sampling: Sampling
  /** What a sample counts by its class; alike where nothing is said. */
  readonly classWeights: Float32Array | undefined
  /** Epochs in all. */
  readonly epochs: number
  /** What moves with each step. */
  readonly stand: Stand
  readonly stop: Stop
}

/**
 * Does the steps from where training stands, until the last epoch ends. Batches are made ahead, those of the next epoch while one is
 * validated and saved.
 *
 * @throws The reason of the stop, if it is given: after the step that is under way, or while a batch is waited for.
 */
export async function* trainingSteps(options: TrainingStepsOptions): AsyncGenerator<StepDone, void, undefined> {
  const { dataset, stop } = options
  for await (const { item, waited } of prefetchBatches(makers(options), dataset, stop)) {
    const record = await step(options, item, waited)
    dataset.recycle?.(item)
    yield { record, read: item.size - new Set(item.skipped).size }
  }
}

function* makers(options: TrainingStepsOptions): Generator<() => Promise<PlacedBatch>, void, undefined> {
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

async function step(options: TrainingStepsOptions, batch: PlacedBatch, waited: number): Promise<StepRecord> {
  const { session, optimizer, average, microBatchSize, classWeights, seed, stand, stop } = options
  const { targets, size } = batch
  const position = stand.position
  const { step: number, epoch } = position
  const planned = scalarsAt(optimizer, number, average)
  const scalars = { ...planned, learningRate: planned.learningRate * stand.rateFactor }
  const { learningRate, weightDecay } = scalars
  const inputs = {
    seed: Uint32Array.from(seedWords(seed)),
    step: number,
    scalars,
    ...(classWeights === undefined ? {} : { classWeights }),
  }
  await session.prepare(trainingSizes([size], microBatchSize))
  const began = performance.now()
  // The weights move, and with them where training stands: whoever looks sees both or neither.
  const { loss, gradientNorm } = await session.change(async () => {
    const { losses, probabilities, finite, ...told } =
      microBatchSize === undefined
        ? await stepAtOnce(session, batch, inputs)
        : await stepInMicroBatches(session, batch, inputs, microBatchSize)
    const mean = losses.reduce((sum, each) => sum + each, 0) / losses.length
    if (!finite) throw notFinite(number, mean, learningRate)
    stand.add(size, { losses, probabilities, targets }, told.gradientNorm)
    return { loss: mean, ...told }
  }, stop)
  const seconds = (performance.now() - began) / 1000 + waited
  const norm = gradientNorm === undefined ? {} : { gradientNorm }
  const did = { type: 'step', step: number, epoch, samples: size, loss, ...norm } as const
  return { ...did, learningRate, weightDecay, seconds, waited }
}

/** What is compiled for steps over batches of these sizes. */
export function trainingSizes(sizes: readonly number[], microBatchSize: number | undefined): BatchSizes {
  if (microBatchSize === undefined) return { train: sizes }
  return { accumulate: [...new Set(sizes.flatMap((size) => microBatchSizes(size, microBatchSize)))] }
}

function notFinite(step: number, loss: number, learningRate: number): ConvzooError {
  return new ConvzooError({
    kind: 'numeric',
    message: `Training left the finite numbers in step ${step}; the weights are those from before it.`,
    expected: 'a finite loss and finite weights',
    received: `a loss of ${loss} at learning rate ${learningRate}`,
    hint: 'lower the learning rate, warm it up over the first steps, or clip gradients by their global norm',
  })
}
