import { ConvzooError, type Dataset, type Optimizer, type StepRecord, scalarsAt, seedWords } from '@convzoo/core'
import { batchMakers, type PlacedBatch, prefetchBatches, shuffledOrder } from './batches/index.js'
import { requireOutput } from './outputs.js'
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
  readonly seed: number
  readonly batchSize: number
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
  const { dataset, seed, batchSize, epochs, stand } = options
  const { epoch: first, sample } = stand.position
  for (let epoch = first; epoch < epochs; epoch++) {
    const order = shuffledOrder(seed, epoch, dataset.length)
    const purpose = { training: true, seed, epoch }
    yield* batchMakers(dataset, order, batchSize, { from: epoch === first ? sample : 0, purpose })
  }
}

async function step(
  { session, optimizer, seed, stand, stop }: TrainingStepsOptions,
  batch: PlacedBatch,
  waited: number,
): Promise<StepRecord> {
  const { images, targets, sampleIndices, size } = batch
  const position = stand.position
  const scalars = scalarsAt(optimizer, position.step)
  const { learningRate, weightDecay } = scalars
  await session.prepare({ train: [size] })
  const began = performance.now()
  // The weights move, and with them where training stands: whoever looks sees both or neither.
  const loss = await session.change(async () => {
    const outputs = await session.run('train', size, {
      images,
      targets,
      sampleIndices,
      seed: Uint32Array.from(seedWords(seed)),
      step: position.step,
      ...scalars,
    })
    const losses = requireOutput(outputs, 'losses')
    const mean = Array.from(losses).reduce((sum, each) => sum + each, 0) / size
    if (requireOutput(outputs, 'finite')[0] !== 1) throw notFinite(position.step, mean, learningRate)
    stand.add(size, { losses, probabilities: requireOutput(outputs, 'probabilities'), targets })
    return mean
  }, stop)
  const seconds = (performance.now() - began) / 1000 + waited
  const { step: number, epoch } = position
  return { type: 'step', step: number, epoch, samples: size, loss, learningRate, weightDecay, seconds, waited }
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
