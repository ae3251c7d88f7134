import { basename } from 'node:path'
import { type Callback, ConvzooError } from '@convzoo/core'
import { checkpoints, RunFolder, Trainer, waitMeter } from '@convzoo/trainer'
import { openRunSource, openSource } from '../catalogs/datasets.js'
import { resolveArchitecture } from '../catalogs/plugins.js'
import { unlessStopped, watchInterruption } from '../terminal/interruption.js'
import { linesOf } from '../terminal/output.js'
import { imageProgress, trainingProgress } from '../terminal/progress.js'
import { Screen } from '../terminal/screen.js'
import { changedCacheLines, withoutUnusedSize } from '../training/cache.js'
import { accuracyLine, conduct, prepare } from '../training/conduct.js'
import { encodeConfig, meanImageOf, type RunSettings, readRunConfig, renewedSettings } from '../training/config.js'
import type { SettingName, TrainingSettings } from '../training/flags.js'
import { changedImagesLines, fingerprintOf, requireSameClasses, requireSameImages } from '../training/identity.js'
import { identityOf, type Job, makeJob, newConfig, withMeasuredMean } from '../training/job.js'
import { Pictures } from '../training/pictures.js'
import { lastEpochOf, rateLines, requireEpochsLeft, requireNothingNew } from '../training/resumption.js'
import { disposeData } from '../training/run-data.js'
import { given as definedOf } from '../training/used-options.js'

/** What a new run is started with. */
type NewSettings = TrainingSettings & Pick<RunSettings, 'data'>

/** Trains, writes the run folder, tests. The last line is the accuracy on the test images, or else on those to validate on. */
export async function runTraining(id: string, settings: NewSettings, run: string | undefined): Promise<void> {
  const screen = new Screen()
  const warn = (line: string): void => screen.warn(line)
  using interruption = watchInterruption(warn)
  const path = run ?? defaultFolder(id, settings)
  await RunFolder.requireFree(path)
  const source = await openSource(settings)
  screen.warn(source.notes)
  const declared = await makeJob(await newConfig(id, settings, source), source, warn)
  const { signal } = interruption
  const onProgress = imageProgress(`mean ${settings.mean}`, screen)
  const measured = await unlessStopped(withMeasuredMean(declared, source, { onProgress, signal }, warn), signal)
  const stop = (): void => {
    screen.warn('Stopped before the first step; nothing was written.')
    process.exitCode = interruption.exitCode ?? 1
  }
  if (measured === undefined) return stop()
  const job = await withFingerprint(measured)
  let folder: RunFolder | undefined
  const pictures = new Pictures(() => folder, warn)
  const { input } = job.config.settings
  const hint = `a smaller --input than ${input.join('x')}, fewer --epochs or --limit take less`
  const trainer = makeTrainer({ job, screen, pictures, folder: () => folder, hint })
  try {
    await prepare(trainer, job)
    if (signal.aborted) return stop()
    folder = await RunFolder.create(path, configOf(job), meanImageOf(job.config))
    await using _ = await folder.lock()
    await conduct({ job, trainer, folder, screen, pictures, interruption })
  } finally {
    await trainer.dispose()
    await disposeData(job)
  }
}

/** What is said of a run that goes on. */
interface Resumption {
  readonly id: string | undefined
  readonly settings: TrainingSettings
  readonly isGiven: (name: SettingName) => boolean
  /** Whether it may go on with other images. */
  readonly allowChangedData: boolean
}

/** Goes on with a run that was stopped, as if it never had been. */
export async function resumeTraining(path: string, resumption: Resumption): Promise<void> {
  const { id, isGiven, allowChangedData } = resumption
  const screen = new Screen()
  const warn = (line: string): void => screen.warn(line)
  using interruption = watchInterruption(warn)
  const folder = await RunFolder.open(path)
  await using _ = await folder.lock()
  const saved = await readRunConfig(folder)
  await requireSameNetwork(saved.id, id)
  const settings = withoutUnusedSize(renewedSettings(saved.settings, resumption.settings, isGiven), isGiven)
  const finished = await folder.finishedScore(settings.epochs)
  if (finished !== undefined) {
    requireNothingNew(saved.settings, settings)
    screen.say(`the run in ${path} is finished: ${settings.epochs} epochs; --epochs adds to them`)
    screen.say(accuracyLine(finished))
    return
  }
  requireEpochsLeft(await lastEpochOf(folder), settings)
  const source = await openRunSource(settings)
  requireSameClasses(saved, source)
  screen.warn(source.notes)
  const job = await withFingerprint(await makeJob({ ...saved, settings }, source, warn))
  const pictures = new Pictures(() => folder, warn)
  const trainer = makeTrainer({ job, screen, pictures, folder: () => folder })
  try {
    // Before anything is changed in the run.
    if (!allowChangedData) requireSameImages(saved, job.config.fingerprint, job.training)
    await prepare(trainer, job)
    const resumed = await folder.resume(trainer)
    requireEpochsLeft(resumed.position, settings)
    screen.warn([
      ...resumed.warnings.flatMap(linesOf),
      ...changedImagesLines(saved, job.config.fingerprint, job.training),
      ...changedCacheLines(saved, settings, source),
      ...rateLines(saved.settings, settings, resumed.position, job.training.length),
    ])
    // A run of an earlier version may not know the names of its classes: from now on it does.
    const classNames = saved.classNames ?? trainer.classes ?? job.training.classes
    await folder.writeConfig(configOf({ ...job, config: { ...job.config, classNames } }))
    await conduct({ job, trainer, folder, screen, pictures, interruption }, resumed, allowChangedData)
  } finally {
    await trainer.dispose()
    await disposeData(job)
  }
}

interface TrainerParts {
  readonly job: Job
  readonly screen: Screen
  readonly pictures: Pictures
  /** Where the run goes, once there is a folder. */
  readonly folder: () => RunFolder | undefined
  readonly hint?: string
}

function makeTrainer({ job, screen, pictures, folder, hint }: TrainerParts): Trainer {
  const { model, engine, optimizer, config } = job
  const { seed, checkpointEvery, checkpointMinutes } = config.settings
  const trainer: Trainer = new Trainer({
    model,
    engine,
    optimizer,
    seed,
    identity: identityOf(job),
    ...definedOf({ classes: config.classNames }),
    log: (line) => screen.say(line),
    callbacks: [
      recorder(folder),
      checkpoints({
        folder,
        trainer: () => trainer,
        ...definedOf({
          everySteps: checkpointEvery,
          everyMinutes: checkpointMinutes === 0 ? Number.POSITIVE_INFINITY : checkpointMinutes,
        }),
      }),
      { onEpoch: () => pictures.afterEpoch() },
      waitMeter((line) => screen.warn(line), waitAdvice(job)),
      trainingProgress({ accuracy: () => trainer.score?.top1 ?? 0, screen, ...definedOf({ hint }) }),
    ],
  })
  return trainer
}

const waitAdvice = ({ couldCache }: Job): string =>
  `${couldCache ? '--cache memory or disk, ' : ''}more --workers, fewer --threads, smaller image files, or less --augment`

function recorder(folder: () => RunFolder | undefined): Callback {
  return {
    onStep: (record) => folder()?.record(record),
    onEpoch: (record) => folder()?.record(record),
  }
}

/** The job, by whose configuration its images are known again. */
async function withFingerprint(job: Job): Promise<Job> {
  const fingerprint = await fingerprintOf(job)
  return fingerprint === undefined ? job : { ...job, config: { ...job.config, fingerprint } }
}

function configOf({ config, architecture }: Job): object {
  return encodeConfig(config, RunFolder.meanImageFile, { package: architecture.package })
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

function defaultFolder(id: string, { data }: NewSettings): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '-')
  const named = basename(data)
    .replace(/[^\w.-]/g, '_')
    .slice(0, 60)
  return `runs/${id}-${named}-${time}`
}
