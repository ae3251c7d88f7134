import { arch, cpus, platform } from 'node:os'
import { basename } from 'node:path'
import { type Callback, ConvzooError, summarize } from '@convzoo/core'
import { type Evaluation, type Resumed, RunFolder, Trainer, waitMeter } from '@convzoo/trainer'
import { openSource } from '../catalogs/datasets.js'
import { resolveArchitecture } from '../catalogs/plugins.js'
import { type Interruption, unlessStopped, watchInterruption } from '../terminal/interruption.js'
import { imageProgress, percent, trainingProgress } from '../terminal/progress.js'
import { Screen } from '../terminal/screen.js'
import { badImageLines, badImagesOf } from '../training/bad-images.js'
import { changedCacheLines, withoutUnusedSize } from '../training/cache.js'
import { encodeConfig, meanImageOf, readRunConfig, renewedSettings } from '../training/config.js'
import type { SettingName, TrainingSettings } from '../training/flags.js'
import { disposeData, identityOf, type Job, makeJob, newConfig, withMeasuredMean } from '../training/job.js'
import { drawRun } from '../training/pictures.js'

/** Images at a time when nothing is kept for a gradient. */
const testBatchSize = 100

/** Trains, writes the run folder, tests. The last line is the accuracy on the test images. */
export async function runTraining(id: string, settings: TrainingSettings, run: string | undefined): Promise<void> {
  const screen = new Screen()
  using interruption = watchInterruption((line) => screen.warn(line))
  const path = run ?? defaultFolder(id, settings)
  await RunFolder.requireFree(path)
  const source = await openSource(settings)
  const warn = (line: string): void => screen.warn(line)
  const declared = await makeJob(await newConfig(id, settings, source), source, warn)
  const { signal } = interruption
  const onProgress = imageProgress(`mean ${settings.mean}`, screen)
  const job = await unlessStopped(withMeasuredMean(declared, source, { onProgress, signal }, warn), signal)
  const stop = (): void => {
    screen.warn('Stopped before the first step; nothing was written.')
    process.exitCode = interruption.exitCode ?? 1
  }
  if (job === undefined) return stop()
  let folder: RunFolder | undefined
  const trainer = makeTrainer(job, screen, () => folder)
  try {
    await prepare(trainer, job)
    if (signal.aborted) return stop()
    folder = await RunFolder.create(path, configOf(job), meanImageOf(job.config))
    await using _ = await folder.lock()
    await conduct({ job, trainer, folder, screen, interruption })
  } finally {
    await trainer.dispose()
    await disposeData(job)
  }
}

/** Goes on with a run that was stopped, as if it never had been. */
export async function resumeTraining(
  path: string,
  id: string | undefined,
  given: TrainingSettings,
  isGiven: (name: SettingName) => boolean,
): Promise<void> {
  const screen = new Screen()
  using interruption = watchInterruption((line) => screen.warn(line))
  const folder = await RunFolder.open(path)
  await using _ = await folder.lock()
  const saved = await readRunConfig(folder)
  await requireSameNetwork(saved.id, id)
  const settings = withoutUnusedSize(renewedSettings(saved.settings, given, isGiven), isGiven)
  const config = { ...saved, settings }
  const finished = await folder.finishedScore(config.settings.epochs)
  if (finished !== undefined) {
    screen.say(`the run in ${path} is finished: ${config.settings.epochs} epochs; --epochs adds to them`)
    screen.say(`test accuracy ${percent(finished.top1)}`)
    return
  }
  const source = await openSource(settings)
  const warn = (line: string): void => screen.warn(line)
  const job = await makeJob(config, source, warn)
  const trainer = makeTrainer(job, screen, () => folder)
  try {
    await prepare(trainer, job)
    const resumed = await folder.resume(trainer)
    for (const warning of [...resumed.warnings, ...changedCacheLines(saved, settings, source)]) warn(warning)
    await folder.writeConfig(configOf(job))
    await conduct({ job, trainer, folder, screen, interruption }, resumed)
  } finally {
    await trainer.dispose()
    await disposeData(job)
  }
}

/** A run while it goes on. */
interface Conducted {
  readonly job: Job
  readonly trainer: Trainer
  readonly folder: RunFolder
  readonly screen: Screen
  readonly interruption: Interruption
}

async function conduct(run: Conducted, resumed?: Resumed): Promise<void> {
  const { job, trainer, folder, screen, interruption } = run
  const { config, training, test, model } = job
  const { signal } = interruption
  const { epochs, batchSize, validateEvery } = config.settings
  await folder.writeEnvironment({
    node: process.version,
    system: `${platform()} ${arch()}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    engine: job.engine.name,
    device: config.settings.device,
    description: trainer.description,
  })
  screen.say(introduction(job, trainer, folder))
  if (resumed !== undefined)
    screen.say(`resumed at step ${resumed.position.step}${resumed.checkpoint === undefined ? ', the beginning' : ''}`)
  const tests = { validation: test, validationBatchSize: testBatchSize, onValidated: testProgress(screen), signal }
  const fitted = await trainer
    .fit(training, { epochs, batchSize, validateEvery, ...tests })
    .catch(async (error: unknown) => {
      throw await resumable(error, trainer, folder)
    })
  if (fitted.completed) {
    await folder.writeWeights(model.weights, trainer)
    const tested = fitted.validation ?? (await testUnlessStopped(run))
    if (tested !== undefined) return await finish(run, tested)
  }
  await folder.writeCheckpoint(trainer)
  screen.warn(`Stopped after step ${trainer.position.step}. Go on with: ${resumeCommand(folder)}`)
  process.exitCode = interruption.exitCode ?? 1
}

/** Names the images that could not be used, on the screen a few, in the run all. */
async function reportBadImages({ job: { training, test }, folder, screen }: Conducted): Promise<void> {
  for (const [split, dataset] of [
    ['train', training],
    ['test', test],
  ] as const) {
    const images = badImagesOf(dataset)
    if (images.length > 0) await folder.record({ type: 'bad-images', split, images })
    for (const line of badImageLines(dataset)) screen.warn(line)
  }
}

/** Of a run that was stopped after its last epoch. Undefined if it is stopped again. */
async function testUnlessStopped({ trainer, job, screen, interruption }: Conducted): Promise<Evaluation | undefined> {
  const { signal } = interruption
  const options = { batchSize: testBatchSize, onEvaluated: testProgress(screen), signal }
  return await trainer.evaluate(job.test, options).catch((error: unknown) => {
    if (signal.aborted && error === signal.reason) return undefined
    throw error
  })
}

const testProgress = (screen: Screen): ((done: number, total: number) => void) => imageProgress('tested', screen)

/** Writes down the result of the test. */
async function finish(run: Conducted, tested: Evaluation): Promise<void> {
  const { folder, screen } = run
  const { test } = run.job
  const { confusion, ...score } = tested
  const record = { type: 'test', ...score } as const
  await reportBadImages(run)
  await folder.writeConfusion(confusion, test.classes)
  await drawRun(folder, { record, confusion, classes: test.classes }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    screen.warn(`The run has no pictures: ${reason}`)
  })
  // The last line of all: from then on the run is finished.
  await folder.record(record)
  screen.say(`${score.samples} test images | loss ${score.loss.toFixed(4)} | top-5 ${percent(score.top5)}`)
  screen.say(`test accuracy ${percent(score.top1)}`)
}

function makeTrainer(job: Job, screen: Screen, folder: () => RunFolder | undefined): Trainer {
  const { model, engine, optimizer, config } = job
  const trainer: Trainer = new Trainer({
    model,
    engine,
    optimizer,
    seed: config.settings.seed,
    identity: identityOf(job),
    log: (line) => screen.say(line),
    callbacks: [
      recorder(job, folder, () => trainer),
      waitMeter((line) => screen.warn(line), waitAdvice(job)),
      trainingProgress({ accuracy: () => trainer.score.top1, screen }),
    ],
  })
  return trainer
}

const waitAdvice = ({ couldCache }: Job): string =>
  `${couldCache ? '--cache memory or disk, ' : ''}more --workers, fewer --threads, smaller image files, or less --augment`

function recorder({ config, training }: Job, folder: () => RunFolder | undefined, trainer: () => Trainer): Callback {
  const { checkpointEvery = Number.POSITIVE_INFINITY } = config.settings
  return {
    async onStep(record) {
      await folder()?.record(record)
      const { step, sample } = trainer().position
      // After the last step of an epoch comes the checkpoint of the epoch itself.
      if (step % checkpointEvery === 0 && sample < training.length) await folder()?.writeCheckpoint(trainer())
    },
    async onEpoch(record) {
      await folder()?.record(record)
      await folder()?.writeCheckpoint(trainer())
    },
  }
}

async function prepare(trainer: Trainer, { config, training, test }: Job): Promise<void> {
  await trainer.prepare({
    train: [{ samples: training.length, batchSize: config.settings.batchSize }],
    evaluate: [{ samples: test.length, batchSize: testBatchSize }],
  })
}

function configOf({ config, architecture }: Job): object {
  return encodeConfig(config, RunFolder.meanImageFile, { package: architecture.package })
}

/** A step that is not finite leaves a run that can be resumed from before it, with other settings. */
async function resumable(error: unknown, trainer: Trainer, folder: RunFolder): Promise<unknown> {
  if (!ConvzooError.isInstance(error) || error.kind !== 'numeric') return error
  await folder.writeCheckpoint(trainer)
  const [message = ''] = error.message.split('\n')
  return new ConvzooError({
    kind: error.kind,
    message,
    ...(error.expected === undefined ? {} : { expected: error.expected }),
    ...(error.received === undefined ? {} : { received: error.received }),
    mend: `${error.mend}; from before this step by: ${resumeCommand(folder)} --learning-rate <lower>`,
    cause: error,
  })
}

async function requireSameNetwork(saved: string, given: string | undefined): Promise<void> {
  if (given === undefined) return
  const { architecture, tagName } = await resolveArchitecture(given)
  if (`${architecture.name}.${tagName}` === saved) return
  throw new ConvzooError({
    kind: 'option',
    message: 'The run that is resumed is of another network.',
    expected: saved,
    received: given,
    mend: 'leave the id out',
  })
}

function resumeCommand({ path }: RunFolder): string {
  return `convzoo train --resume ${/^[\w./:\\-]+$/.test(path) ? path : JSON.stringify(path)}`
}

function defaultFolder(id: string, { dataset, data }: TrainingSettings): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-')
  const named = data === undefined ? dataset : basename(data).replace(/[^\w.-]/g, '_')
  return `runs/${id}-${named}-${time}`
}

function introduction({ model, training, test }: Job, trainer: Trainer, folder: RunFolder): string {
  const { parameters } = summarize(model).totals
  return [
    `network ${model.layers.length} layers, ${parameters.toLocaleString('en-US')} parameters, input ${model.inputs[0]?.shape.join('x')}`,
    `data    ${training.name}: ${training.length} images to train on, ${test.length} to test on`,
    `engine  ${trainer.description ?? ''}`,
    `run     ${folder.path}`,
  ].join('\n')
}
