import { arch, cpus, platform } from 'node:os'
import { ConvzooError, type Dataset, summarize } from '@convzoo/core'
import { printable, splitNames } from '@convzoo/core/define'
import type {
  Evaluation,
  FinishedScore,
  Position,
  Resumed,
  RunFiles,
  RunFolder,
  Trainer,
  WeightsKind,
} from '@convzoo/trainer'
import type * as Inside from '@convzoo/visualize/inside'
import { given } from '../config/given.js'
import type { StartEvent } from '../events.js'
import type { Told } from '../listener.js'
import type { RunPlan } from '../plan.js'
import { badImageLines, badImagesOf } from '../source/bad-images.js'
import { lastLookOf } from '../source/run-data.js'
import { resumeCommand } from './commands.js'
import { diskLines, diskOf } from './disk.js'
import type { Job } from './job.js'
import { keptMistakes, storedMistakes } from './mistakes.js'
import type { Pictures } from './pictures.js'
import type { TimeLimit } from './time-limit.js'

/** Images at a time when nothing is kept for a gradient. */
export const testBatchSize = 100

/** A run while it goes on. */
export interface Conducted {
  readonly job: Job
  readonly trainer: Trainer
  readonly folder: RunFolder
  readonly told: Told
  readonly pictures: Pictures
  readonly limit: TimeLimit
}

/** What has become of a run. */
export interface TrainResult {
  /** Where it is. */
  readonly folder: string
  /** Whether it has come to its end; one that was stopped by its signal can be resumed. */
  readonly completed: boolean
  /** Why a callback ended it before its last epoch, or its time limit did; the latter leaves a run that can be resumed. */
  readonly stopped?: string
  readonly position: Position
  /** Whether it had come to its end before; then nothing was done. */
  readonly wasFinished?: boolean
  /** How many classes the network tells apart. */
  readonly classes: number
  /** Of the test split, or of the validation split where there is no other. Of a run that has come to its end. */
  readonly score?: FinishedScore
  /** What of it a person can look at: its page and its pictures. */
  readonly files: RunFiles
}

/** The same before all that is told of it has been written. */
export type Conclusion = Omit<TrainResult, 'files'>

/** By which weights a run is judged, and which it keeps. */
export const weightsOf = ({ settings }: RunPlan): WeightsKind =>
  settings.training.average === undefined ? 'current' : 'average'

/** Compiles all that a run needs at once. */
export async function prepare(trainer: Trainer, { plan, training, validation, test }: Job): Promise<void> {
  const judging = weightsOf(plan)
  // Averages are validated beside the weights of now.
  const validating = judging === 'average' ? (['average', 'current'] as const) : [judging]
  const looked = (dataset: Dataset | undefined, kinds: readonly WeightsKind[]) =>
    dataset === undefined
      ? []
      : kinds.map((weights) => ({ samples: dataset.length, batchSize: testBatchSize, weights }))
  await trainer.prepare({
    train: [{ samples: training.length, batchSize: plan.settings.training.batchSize }],
    evaluate: [...looked(validation, validating), ...looked(test, [judging])],
  })
}

/** Trains to the end or until it is stopped. */
export async function conduct(run: Conducted, resumed?: Resumed, allowChangedData = false): Promise<Conclusion> {
  const { job, trainer, folder, told, pictures, limit } = run
  const { plan, training, validation, model } = job
  const { epochs, batchSize, sampling, validateEvery } = plan.settings.training
  await folder.writeEnvironment({
    node: process.version,
    system: `${platform()} ${arch()}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    engine: job.engine.name,
    device: plan.settings.engine.device,
    description: trainer.description,
  })
  told.start(startEvent(run, resumed), introduction(run, resumed))
  const onValidated = told.progress('validated')
  const looks =
    validation === undefined
      ? {}
      : {
          validation,
          validateEvery,
          validationBatchSize: testBatchSize,
          validationWeights: weightsOf(plan),
          validationMetrics: job.metrics,
          validationMistakes: keptMistakes,
          onValidation: (found: Evaluation) => pictures.seen(() => keepLook(run, found, validation)),
          onValidated,
        }
  const options = { epochs, batchSize, sampling, allowChangedData, signal: limit.signal, ...looks }
  const fitted = await trainer.fit(training, options).catch(async (error: unknown) => {
    throw await resumable(error, trainer, folder)
  })
  const { stopped } = fitted
  const { classes } = plan
  const result = {
    folder: folder.path,
    position: trainer.position,
    classes,
    ...(stopped === undefined ? {} : { stopped }),
  }
  if (fitted.completed) {
    await folder.writeWeights(model.weights, trainer, weightsOf(plan))
    const { split } = lastLookOf(job)
    const last = (split === 'validation' ? fitted.validation : undefined) ?? (await evaluateUnlessStopped(run))
    if (last !== undefined) return { ...result, completed: true, score: await finish(run, last) }
  }
  await folder.writeCheckpoint(trainer)
  await pictures.curves()
  return { ...result, ...given({ stopped: limit.reason }), completed: false }
}

/** The last look. Undefined if it is stopped. */
async function evaluateUnlessStopped({ trainer, job, told, limit }: Conducted): Promise<Evaluation | undefined> {
  const { signal } = limit
  const { split, dataset } = lastLookOf(job)
  const onEvaluated = told.progress(split === 'test' ? 'tested' : 'validated')
  const weights = weightsOf(job.plan)
  const { metrics } = job
  const options = { batchSize: testBatchSize, weights, metrics, mistakes: keptMistakes, onEvaluated, signal }
  return await trainer.evaluate(dataset, options).catch((error: unknown) => {
    if (signal.aborted && error === signal.reason) return undefined
    throw error
  })
}

/** Writes down the run's last word. */
async function finish(run: Conducted, last: Evaluation): Promise<FinishedScore> {
  const { folder, pictures, trainer, job } = run
  const { split, dataset } = lastLookOf(job)
  const { confusion, byClass: _, mistakes: __, ...score } = last
  const classes = trainer.classes ?? dataset.classes
  await reportBadImages(run)
  await keepLook(run, last, dataset, lookedInto(run))
  await pictures.filters(lookedInto(run))
  await pictures.confusion(confusion, classes)
  const record = { type: split, ...score }
  await pictures.curves(record)
  // The last line of all: from then on the run is finished.
  await folder.record(record)
  return { split, ...score }
}

/** The network as it is now, for whoever looks into it. */
const lookedInto = ({ trainer, job }: Pick<Conducted, 'trainer' | 'job'>): Inside.Network => ({
  model: job.model,
  engine: job.engine,
  readWeights: () => trainer.readWeights({ weights: weightsOf(job.plan) }),
})

/** Keeps what was seen of images that are not trained on: what they were taken for, and the worst mistakes. */
async function keepLook(
  { folder, trainer, job, pictures }: Conducted,
  seen: Evaluation,
  dataset: Dataset,
  network?: Inside.Network,
): Promise<void> {
  const classes = trainer.classes ?? dataset.classes
  await folder.writeConfusion(seen.confusion, classes)
  const { preprocessing } = job.plan
  const maps = network === undefined ? undefined : await pictures.maps(network, seen, dataset, preprocessing)
  await pictures.mistakes(() => storedMistakes(seen, dataset, classes, preprocessing, maps))
}

/** Names the images that could not be used, to the listener a few, in the run all. */
async function reportBadImages({ job, folder, told }: Conducted): Promise<void> {
  const datasets = { train: job.training, validation: job.validation, test: job.test }
  for (const split of splitNames) {
    const dataset = datasets[split]
    const images = dataset === undefined ? [] : badImagesOf(dataset)
    if (dataset === undefined || images.length === 0) continue
    await folder.record({ type: 'bad-images', split, images })
    told.warn(badImageLines(dataset))
  }
}

/** A step that is not finite leaves a run that can be resumed from before it, with other settings. */
async function resumable(error: unknown, trainer: Trainer, folder: RunFolder): Promise<unknown> {
  if (!ConvzooError.isInstance(error) || error.kind !== 'numeric') return error
  await folder.writeCheckpoint(trainer)
  return new ConvzooError({
    ...error.toFields(),
    hint: `${error.hint}; from before this step by: ${resumeCommand(folder.path)} --learning-rate <lower>`,
    cause: error,
  })
}

/** What begins, as plain data. */
function startEvent(
  { job: { model, plan, training, validation, test, engine }, trainer, folder }: Conducted,
  resumed: Resumed | undefined,
): StartEvent {
  const { network, training: settings, engine: chosen } = plan.settings
  return {
    type: 'start',
    folder: folder.path,
    network: {
      id: network.id,
      layers: model.layers.length,
      parameters: summarize(model).totals.parameters,
      input: model.inputs[0]?.shape ?? [],
    },
    data: {
      name: training.name,
      classes: plan.classes,
      images: { train: training.length, ...given({ validation: validation?.length, test: test?.length }) },
    },
    engine: { name: engine.name, device: chosen.device, description: trainer.description ?? '' },
    epochs: settings.epochs,
    batchSize: settings.batchSize,
    steps: settings.epochs * Math.ceil(training.length / settings.batchSize),
    diskBytes: diskOf(trainer, model, plan.settings).most,
    resumed: resumed !== undefined,
    position: trainer.position,
  }
}

/** The same for people. */
function introduction(
  { job: { model, plan, training, validation, test }, trainer, folder }: Conducted,
  resumed: Resumed | undefined,
): readonly string[] {
  const { parameters } = summarize(model).totals
  const counts = [
    `${training.length} images to train on`,
    ...(validation === undefined ? [] : [`${validation.length} to validate on`]),
    ...(test === undefined ? [] : [`${test.length} to test on`]),
  ]
  const beginning = resumed?.checkpoint === undefined ? ', the beginning' : ''
  return [
    `network ${model.layers.length} layers, ${parameters.toLocaleString('en-US')} parameters, input ${model.inputs[0]?.shape.join('x')}`,
    `data    ${printable(training.name)}: ${counts.join(', ')}`,
    `engine  ${trainer.description ?? ''}`,
    `run     ${folder.path}`,
    ...diskLines(trainer, model, plan.settings),
    ...(resumed === undefined ? [] : [`resumed at step ${resumed.position.step}${beginning}`]),
  ]
}
