import {
  type Callback,
  ConvzooError,
  type Dataset,
  type EpochRecord,
  type Optimizer,
  type Score,
  type WeightAverage,
} from '@convzoo/core'
import { internalError, printable } from '@convzoo/core/define'
import type { Telling } from './callbacks/telling.js'
import type { Watch } from './callbacks/watch.js'
import { evaluateDataset, nothingRead } from './evaluation.js'
import type { Evaluation } from './evaluation-result.js'
import { readGradients } from './gradients.js'
import type { Metric } from './metrics/index.js'
import type { FitOptions, Sampling, WeightsKind } from './options.js'
import type { Session } from './session.js'
import type { Stand } from './stand.js'
import type { StepDone } from './step.js'
import { isReason, patience } from './stop.js'
import { trainingSteps } from './training-steps.js'

export interface FitResult {
  /** False if the signal stopped it. */
  readonly completed: boolean
  /** Why a callback ended it before its last epoch, if one did. */
  readonly stopped?: string
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
  readonly average: WeightAverage | undefined
  readonly microBatchSize: number | undefined
  readonly telling: Telling
  readonly watch: Watch
  readonly seed: number
  readonly dataset: Dataset
  readonly validation: Dataset | undefined
  readonly epochs: number
  readonly batchSize: number
  readonly sampling: Sampling
  readonly readEvery: number
  readonly classWeights: Float32Array | undefined
  readonly validateEvery: number
  readonly validationBatchSize: number
  readonly validationWeights: WeightsKind
  readonly validationMetrics: readonly Metric[]
  readonly validationMistakes: number | undefined
  readonly onValidation: FitOptions['onValidation']
  readonly onValidated: FitOptions['onValidated']
  readonly signal: AbortSignal | undefined
}

/** Trains from where training stands until its last epoch ends, a callback ends it, or it is aborted. */
export async function fitting(options: FittingOptions): Promise<FitResult> {
  const { session, stand, telling, watch, dataset, epochs, batchSize, signal } = options
  const stop = session.stop(signal)
  const samples = dataset.length
  const stepsPerEpoch = Math.ceil(samples / batchSize)
  const { step, epoch, sample } = stand.position
  const done = { steps: step, samples: epoch * samples + sample }
  const records: EpochRecord[] = []
  let last: Evaluation | undefined
  try {
    stop.throwIfGiven()
    watch.begin((names) => readGradients({ ...options, stop }, names))
    const progress = {
      epochs,
      stepsPerEpoch,
      samplesPerEpoch: samples,
      done,
      ...(options.validation === undefined ? {} : { validateEvery: options.validateEvery }),
    }
    await telling.tell((callback) => callback.onTrainBegin?.(progress, watch.context), stop)
    const steps = trainingSteps({ ...options, stop })
    try {
      while (stand.position.epoch < epochs && watch.stopped === undefined) {
        const began = performance.now()
        await trainEpoch(steps, options)
        if (watch.stopped !== undefined && stand.position.sample < dataset.length) break
        const seconds = (performance.now() - began) / 1000
        const looked = await validated(options)
        last = looked?.judged
        const record = endEpoch(options, seconds, looked)
        records.push(record)
        await telling.tell((callback) => callback.onEpoch?.(record, watch.context), stop)
      }
    } finally {
      await steps.return()
    }
  } catch (error) {
    if (!isReason(signal, error)) throw error
  }
  const isFinished = stand.position.epoch >= epochs
  const stopped = isFinished || signal?.aborted === true ? undefined : watch.stopped
  const completed = isFinished || stopped !== undefined
  return {
    completed,
    ...(stopped === undefined ? {} : { stopped }),
    epochs: records,
    ...(completed && last !== undefined ? { validation: last } : {}),
  }
}

/** The steps of the epoch under way, to its end, or until a callback ends training. */
async function trainEpoch(
  steps: AsyncGenerator<readonly StepDone[], void, undefined>,
  { session, stand, telling, watch, dataset, signal }: FittingOptions,
): Promise<void> {
  const stop = session.stop(signal)
  // Of an epoch that was begun before, the images that came then are not known here.
  let read = stand.position.sample
  while (stand.position.sample < dataset.length && watch.stopped === undefined) {
    const { value } = await steps.next()
    if (value === undefined) throw lengthChanged(dataset)
    for (const done of value) read += done.read
    const told = value.map(
      ({ record }) =>
        (callback: Callback) =>
          callback.onStep?.(record, watch.context),
    )
    await telling.tell(told, stop)
  }
  if (read === 0 && stand.position.sample >= dataset.length) throw nothingRead(dataset.name, dataset.length)
}

/** By which weights is validated: by both where averages are kept, those first by which the run is judged. */
export function validatedKinds(
  average: WeightAverage | undefined,
  { validationWeights }: Pick<FittingOptions, 'validationWeights'>,
): readonly WeightsKind[] {
  if (average === undefined) return [validationWeights]
  return validationWeights === 'average' ? ['average', 'current'] : ['current', 'average']
}

/** What a validation gave by either weights. */
interface Validated {
  readonly judged: Evaluation
  /** By the others, where averages are kept. */
  readonly other?: Evaluation
}

/** The scores of the epoch under way, where it is one after which there is a validation. */
async function validated(options: FittingOptions): Promise<Validated | undefined> {
  const { session, stand, validation, average, epochs, validateEvery, signal } = options
  const {
    validationBatchSize: batchSize,
    validationMetrics: metrics,
    validationMistakes,
    onValidation,
    onValidated,
  } = options
  const number = stand.position.epoch + 1
  if (validation === undefined || (number < epochs && number % validateEvery !== 0)) return undefined
  const kinds = validatedKinds(average, options)
  const looks: Evaluation[] = []
  for (const [place, weights] of kinds.entries()) {
    const onEvaluated = (done: number, total: number): void | Promise<void> =>
      onValidated?.(place * total + done, kinds.length * total)
    const mistakes = place === 0 ? validationMistakes : undefined
    const looking = {
      batchSize,
      weights,
      metrics,
      onEvaluated,
      signal,
      ...(mistakes === undefined ? {} : { mistakes }),
    }
    looks.push(await evaluateDataset(session, validation, looking))
  }
  const [judged, other] = looks
  if (judged === undefined) throw internalError('A validation looked at nothing.')
  await session.stop(signal).race(onValidation?.(judged), patience)
  return { judged, ...(other === undefined ? {} : { other }) }
}

function endEpoch(options: FittingOptions, seconds: number, looked: Validated | undefined): EpochRecord {
  const { stand, validationWeights } = options
  const { score: training, position } = stand
  if (training === undefined) throw internalError('An epoch ended without a step.')
  stand.endEpoch()
  const record = { type: 'epoch', epoch: position.epoch, training, seconds } as const
  if (looked === undefined) return record
  const validation = scoreOf(looked.judged)
  if (looked.other === undefined) return { ...record, validation }
  const other = scoreOf(looked.other)
  const validationOf =
    validationWeights === 'average' ? { current: other, average: validation } : { current: validation, average: other }
  return { ...record, validation, validationOf }
}

/** The score of an evaluation, without what else there is of it. */
const scoreOf = ({ samples, loss, top1, top5, metrics }: Score): Score => ({
  samples,
  loss,
  top1,
  top5,
  ...(metrics === undefined ? {} : { metrics }),
})

function lengthChanged({ name, length }: Dataset): ConvzooError {
  return new ConvzooError({
    kind: 'data',
    message: `The length of the dataset ${printable(name)} changed while it was trained on.`,
    expected: 'the same length as long as it is used',
    received: `${length} samples now`,
    hint: 'make another dataset of other samples',
  })
}
