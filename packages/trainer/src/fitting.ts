import {
  type Callback,
  ConvzooError,
  type Dataset,
  type EpochRecord,
  internalError,
  type Optimizer,
  printable,
  type Score,
} from '@convzoo/core'
import { tell } from './callbacks/tell.js'
import { type Evaluation, evaluateDataset, nothingRead } from './evaluation.js'
import type { FitOptions } from './options.js'
import type { Session } from './session.js'
import type { Stand } from './stand.js'
import { isReason } from './stop.js'
import { type StepDone, trainingSteps } from './training-steps.js'

export interface FitResult {
  /** False if the signal stopped it. */
  readonly completed: boolean
  /** Those that were completed. */
  readonly epochs: readonly EpochRecord[]
  /** Of the last epoch, if it was completed here and there was something to validate on. */
  readonly validation?: Evaluation
}

/** What is trained on, by what, and for how long. */
export interface FittingOptions {
  readonly session: Session
  readonly stand: Stand
  readonly optimizer: Optimizer
  readonly callbacks: readonly Callback[]
  readonly seed: number
  readonly dataset: Dataset
  readonly validation: Dataset | undefined
  readonly epochs: number
  readonly batchSize: number
  readonly validateEvery: number
  readonly validationBatchSize: number
  readonly onValidated: FitOptions['onValidated']
  readonly signal: AbortSignal | undefined
}

/** Trains from where training stands until its last epoch ends, or it is stopped. */
export async function fitting(options: FittingOptions): Promise<FitResult> {
  const { session, stand, callbacks, dataset, epochs, batchSize, signal } = options
  const stop = session.stop(signal)
  const samples = dataset.length
  const stepsPerEpoch = Math.ceil(samples / batchSize)
  const { step, epoch, sample } = stand.position
  const done = { steps: step, samples: epoch * samples + sample }
  const records: EpochRecord[] = []
  let last: Evaluation | undefined
  try {
    stop.throwIfGiven()
    const progress = { epochs, stepsPerEpoch, samplesPerEpoch: samples, done }
    await tell(callbacks, (callback) => callback.onTrainBegin?.(progress), stop)
    const steps = trainingSteps({ ...options, stop })
    try {
      while (stand.position.epoch < epochs) {
        const began = performance.now()
        await trainEpoch(steps, options)
        const seconds = (performance.now() - began) / 1000
        last = await validated(options)
        const record = endEpoch(stand, seconds, last)
        records.push(record)
        await tell(callbacks, (callback) => callback.onEpoch?.(record), stop)
      }
    } finally {
      await steps.return()
    }
  } catch (error) {
    if (!isReason(signal, error)) throw error
  }
  const completed = stand.position.epoch >= epochs
  return { completed, epochs: records, ...(completed && last !== undefined ? { validation: last } : {}) }
}

/** The steps of the epoch under way, to its end. */
async function trainEpoch(
  steps: AsyncGenerator<StepDone, void, undefined>,
  { session, stand, callbacks, dataset, signal }: FittingOptions,
): Promise<void> {
  const stop = session.stop(signal)
  // Of an epoch that was begun before, the images that came then are not known here.
  let read = stand.position.sample
  while (stand.position.sample < dataset.length) {
    const { value } = await steps.next()
    if (value === undefined) throw lengthChanged(dataset)
    read += value.read
    await tell(callbacks, (callback) => callback.onStep?.(value.record), stop)
  }
  if (read === 0) throw nothingRead(dataset.name, dataset.length)
}

/** The score of the epoch under way, where it is one after which there is a validation. */
async function validated(options: FittingOptions): Promise<Evaluation | undefined> {
  const { session, stand, validation, epochs, validateEvery, validationBatchSize, onValidated, signal } = options
  const number = stand.position.epoch + 1
  if (validation === undefined || (number < epochs && number % validateEvery !== 0)) return undefined
  return evaluateDataset(session, validation, { batchSize: validationBatchSize, onEvaluated: onValidated, signal })
}

function endEpoch(stand: Stand, seconds: number, validation: Score | undefined): EpochRecord {
  const { score: training, position } = stand
  if (training === undefined) throw internalError('An epoch ended without a step.')
  stand.endEpoch()
  const record = { type: 'epoch', epoch: position.epoch, training, seconds } as const
  return validation === undefined ? record : { ...record, validation: scoreOf(validation) }
}

const scoreOf = ({ samples, loss, top1, top5 }: Score): Score => ({ samples, loss, top1, top5 })

function lengthChanged({ name, length }: Dataset): ConvzooError {
  return new ConvzooError({
    kind: 'data',
    message: `The length of the dataset ${printable(name)} changed while it was trained on.`,
    expected: 'the same length as long as it is used',
    received: `${length} samples now`,
    mend: 'make another dataset of other samples',
  })
}
