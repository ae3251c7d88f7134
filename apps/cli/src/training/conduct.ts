import { arch, cpus, platform } from 'node:os'
import { ConvzooError, printable, splitNames, summarize } from '@convzoo/core'
import type { Evaluation, FinishedScore, Resumed, RunFolder, Trainer } from '@convzoo/trainer'
import type { Interruption } from '../terminal/interruption.js'
import { imageProgress, percent } from '../terminal/progress.js'
import type { Screen } from '../terminal/screen.js'
import { shellWord } from '../terminal/shell-word.js'
import { badImageLines, badImagesOf } from './bad-images.js'
import type { Job } from './job.js'
import type { Pictures } from './pictures.js'
import { lastLookOf } from './run-data.js'

/** Images at a time when nothing is kept for a gradient. */
const testBatchSize = 100

/** A run while it goes on. */
export interface Conducted {
  readonly job: Job
  readonly trainer: Trainer
  readonly folder: RunFolder
  readonly screen: Screen
  readonly pictures: Pictures
  readonly interruption: Interruption
}

/** Compiles all that a run needs at once. */
export async function prepare(trainer: Trainer, { config, training, validation, test }: Job): Promise<void> {
  const looks = [validation, test].flatMap((dataset) => (dataset === undefined ? [] : [dataset]))
  await trainer.prepare({
    train: [{ samples: training.length, batchSize: config.settings.batchSize }],
    evaluate: looks.map(({ length }) => ({ samples: length, batchSize: testBatchSize })),
  })
}

/** Trains to the end or until it is stopped; what has become of the run is said last. */
export async function conduct(run: Conducted, resumed?: Resumed, allowChangedData = false): Promise<void> {
  const { job, trainer, folder, screen, pictures, interruption } = run
  const { config, training, validation, model } = job
  const { epochs, batchSize, validateEvery } = config.settings
  const { signal } = interruption
  await folder.writeEnvironment({
    node: process.version,
    system: `${platform()} ${arch()}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    engine: job.engine.name,
    device: config.settings.device,
    description: trainer.description,
  })
  screen.say(introduction(job, trainer, folder))
  if (resumed !== undefined) {
    screen.say(`resumed at step ${resumed.position.step}${resumed.checkpoint === undefined ? ', the beginning' : ''}`)
  }
  const onValidated = imageProgress('validated', screen)
  const looks =
    validation === undefined ? {} : { validation, validateEvery, validationBatchSize: testBatchSize, onValidated }
  const options = { epochs, batchSize, signal, allowChangedData, ...looks }
  const fitted = await trainer.fit(training, options).catch(async (error: unknown) => {
    throw await resumable(error, trainer, folder)
  })
  if (fitted.completed) {
    await folder.writeWeights(model.weights, trainer)
    const { split } = lastLookOf(job)
    const last = (split === 'validation' ? fitted.validation : undefined) ?? (await evaluateUnlessStopped(run))
    if (last !== undefined) return await finish(run, last)
  }
  await folder.writeCheckpoint(trainer)
  await pictures.curves()
  screen.warn(`Stopped after step ${trainer.position.step}. Go on with: ${resumeCommand(folder)}`)
  process.exitCode = interruption.exitCode ?? 1
}

/** The last look. Undefined if it is stopped. */
async function evaluateUnlessStopped(run: Conducted): Promise<Evaluation | undefined> {
  const { trainer, job, screen, interruption } = run
  const { signal } = interruption
  const { split, dataset } = lastLookOf(job)
  const onEvaluated = imageProgress(split === 'test' ? 'tested' : 'validated', screen)
  const options = { batchSize: testBatchSize, onEvaluated, signal }
  return await trainer.evaluate(dataset, options).catch((error: unknown) => {
    if (signal.aborted && error === signal.reason) return undefined
    throw error
  })
}

/** Writes down the run's last word. */
async function finish(run: Conducted, last: Evaluation): Promise<void> {
  const { folder, screen, pictures, trainer, job } = run
  const { split, dataset } = lastLookOf(job)
  const { samples, loss, top1, top5, confusion } = last
  const classes = trainer.classes ?? dataset.classes
  await reportBadImages(run)
  await folder.writeConfusion(confusion, classes)
  await pictures.confusion(confusion, classes)
  const record = { type: split, samples, loss, top1, top5 }
  await pictures.curves(record)
  // The last line of all: from then on the run is finished.
  await folder.record(record)
  screen.say(`${samples} ${split} images | loss ${loss.toFixed(4)} | top-5 ${percent(top5)}`)
  screen.say(accuracyLine({ split, top1 }))
}

/** `test accuracy 97.12 %`, or `validation accuracy` where there is no test split. */
export const accuracyLine = ({ split, top1 }: Pick<FinishedScore, 'split' | 'top1'>): string =>
  `${split} accuracy ${percent(top1)}`

/** Names the images that could not be used, on the screen a few, in the run all. */
async function reportBadImages({ job, folder, screen }: Conducted): Promise<void> {
  const datasets = { train: job.training, validation: job.validation, test: job.test }
  for (const split of splitNames) {
    const dataset = datasets[split]
    const images = dataset === undefined ? [] : badImagesOf(dataset)
    if (dataset === undefined || images.length === 0) continue
    await folder.record({ type: 'bad-images', split, images })
    screen.warn(badImageLines(dataset))
  }
}

/** A step that is not finite leaves a run that can be resumed from before it, with other settings. */
async function resumable(error: unknown, trainer: Trainer, folder: RunFolder): Promise<unknown> {
  if (!ConvzooError.isInstance(error) || error.kind !== 'numeric') return error
  await folder.writeCheckpoint(trainer)
  return new ConvzooError({
    ...error.toFields(),
    mend: `${error.mend}; from before this step by: ${resumeCommand(folder)} --learning-rate <lower>`,
    cause: error,
  })
}

const resumeCommand = ({ path }: RunFolder): string => `convzoo train --resume ${shellWord(path)}`

function introduction(
  { model, training, validation, test }: Job,
  trainer: Trainer,
  folder: RunFolder,
): readonly string[] {
  const { parameters } = summarize(model).totals
  const counts = [
    `${training.length} images to train on`,
    ...(validation === undefined ? [] : [`${validation.length} to validate on`]),
    ...(test === undefined ? [] : [`${test.length} to test on`]),
  ]
  return [
    `network ${model.layers.length} layers, ${parameters.toLocaleString('en-US')} parameters, input ${model.inputs[0]?.shape.join('x')}`,
    `data    ${printable(training.name)}: ${counts.join(', ')}`,
    `engine  ${trainer.description ?? ''}`,
    `run     ${folder.path}`,
  ]
}
