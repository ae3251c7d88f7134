import { ConvzooError, type Dataset, type Optimizer, type StepRecord, type WeightAverage } from '@convzoo/core'
import { scalarsAt, seedWords } from '@convzoo/core/engine'
import type { PlacedBatch, Prefetched } from './batches/index.js'
import type { BatchSizes } from './compiled-sizes.js'
import { microBatchSizes, type StepInputs, type StepOutputs, stepAtOnce, stepInMicroBatches } from './micro-batches.js'
import type { Session } from './session.js'
import type { Stand } from './stand.js'
import type { Stop } from './stop.js'

/** A batch, and how long it was waited for. */
export type MadeBatch = Prefetched<PlacedBatch>

/** A step that was done. */
export interface StepDone {
  readonly record: StepRecord
  /** Samples of the batch whose image was one of their own. */
  readonly read: number
}

export interface StepOptions {
  readonly session: Session
  readonly dataset: Dataset
  readonly optimizer: Optimizer
  readonly average: WeightAverage | undefined
  /** The most samples of which gradients are computed at once; `undefined` for all of a batch. */
  readonly microBatchSize: number | undefined
  readonly seed: number
  /** What a sample counts by its class; alike where nothing is said. */
  readonly classWeights: Float32Array | undefined
  /** What moves with each step. */
  readonly stand: Stand
  readonly stop: Stop
}

/** What a step takes beside its batch. */
export function inputsOf({ optimizer, average, classWeights, seed, stand }: StepOptions, step: number): StepInputs {
  const planned = scalarsAt(optimizer, step, average)
  return {
    seed: Uint32Array.from(seedWords(seed)),
    step,
    scalars: { ...planned, learningRate: planned.learningRate * stand.rateFactor },
    ...(classWeights === undefined ? {} : { classWeights }),
  }
}

/**
 * A step counts where it was finite, and the memory of its batch is given back.
 *
 * @throws ConvzooError of kind `numeric` where it was not.
 */
export function counted(
  { dataset, stand }: StepOptions,
  batch: PlacedBatch,
  { step, scalars }: StepInputs,
  { losses, probabilities, finite, gradientNorm }: StepOutputs,
): Omit<StepDone, 'record'> & { readonly record: Omit<StepRecord, 'seconds' | 'waited'> } {
  const { targets, size } = batch
  const { learningRate = Number.NaN, weightDecay = Number.NaN } = scalars
  const { epoch } = stand.position
  const loss = losses.reduce((sum, each) => sum + each, 0) / losses.length
  if (!finite) throw notFinite(step, loss, learningRate)
  stand.add(size, { losses, probabilities, targets }, gradientNorm)
  dataset.recycle?.(batch)
  const norm = gradientNorm === undefined ? {} : { gradientNorm }
  const record = { type: 'step', step, epoch, samples: size, loss, ...norm, learningRate, weightDecay } as const
  return { record, read: size - new Set(batch.skipped).size }
}

/** A step whose losses are waited for. */
export async function stepAlone(options: StepOptions, { item: batch, waited }: MadeBatch): Promise<StepDone> {
  const { session, microBatchSize, stand, stop } = options
  const inputs = inputsOf(options, stand.position.step)
  await session.prepare(trainingSizes([batch.size], microBatchSize))
  const began = performance.now()
  // The weights move, and with them where training stands: whoever looks sees both or neither.
  const { record, read } = await session.change(async () => {
    const outputs =
      microBatchSize === undefined
        ? await stepAtOnce(session, batch, inputs)
        : await stepInMicroBatches(session, batch, inputs, microBatchSize)
    return counted(options, batch, inputs, outputs)
  }, stop)
  return { record: { ...record, seconds: (performance.now() - began) / 1000 + waited, waited }, read }
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
