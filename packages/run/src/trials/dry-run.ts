import { mkdtemp, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Dataset, type StepRecord, summarize } from '@convzoo/core'
import { removeFolder } from '@convzoo/files'
import type { Trainer } from '@convzoo/trainer'
import type { RunConfig } from '../config/config.js'
import { given } from '../config/given.js'
import { installedDefinitions } from '../plugins/definitions.js'
import { disposeData } from '../source/run-data.js'
import { someOf } from '../source/some-of.js'
import { prepare, testBatchSize, weightsOf } from '../training/conduct.js'
import { diskOf } from '../training/disk.js'
import { type Job, stepsOf } from '../training/job.js'
import { preparedJob, wholeSettings } from '../training/prepared-job.js'
import { startingWeights } from '../training/starting-weights.js'
import type { ParsedTrialOptions } from './options.js'
import { trialTrainer } from './trial-trainer.js'

/** Steps that are done, of which the first is not counted: it may be slower than the others. */
const triedSteps = 3

/** Batches of a validation or a test that are gone through, of which the first is not counted. */
const triedBatches = 2

/** Bytes of a step in metrics.jsonl. */
const stepBytes = 200

/** What some images take to go through. */
export interface TriedImages {
  /** In the whole of it. */
  readonly images: number
  /** For the whole of it, as far as the few that were tried tell. */
  readonly seconds: number
}

/** What a run would take. */
export interface DryRun {
  readonly parameters: number
  /** What it runs on, in one line. */
  readonly engine: string
  /** A step of training. */
  readonly step: { readonly images: number; readonly seconds: number }
  /** Of the whole run. */
  readonly steps: number
  readonly epochs: number
  /** Once through the training images, and through those that are looked at. */
  readonly epoch: TriedImages
  readonly validation?: TriedImages
  readonly test?: TriedImages
  readonly checkpoint: { readonly bytes: number; readonly seconds: number }
  /** Of the whole run. */
  readonly seconds: number
  /** The most that this process has had so far; what a GPU has of its own is not counted. */
  readonly memoryBytes: number
  /** That the run folder takes at most, without pictures. */
  readonly diskBytes: number
}

/** Undefined if it was stopped. */
export async function tryRun(config: RunConfig, options: ParsedTrialOptions): Promise<DryRun | undefined> {
  const { told, signal } = options
  const definitions = installedDefinitions()
  const settings = await wholeSettings(config, options.recipe, definitions)
  const from = await startingWeights(settings)
  const job = await preparedJob(settings, definitions, { told, signal })
  if (job === undefined) return undefined
  const records: StepRecord[] = []
  const trainer = trialTrainer(
    job,
    (line) => told.log(line),
    (record) => void records.push(record),
  )
  try {
    await prepare(trainer, job)
    await from?.(trainer, job.model, told)
    const { batchSize, sampling } = settings.training
    const few = someOf(job.training, triedSteps * batchSize)
    const { completed } = await trainer.fit(few, { epochs: 1, batchSize, sampling, ...given({ signal }) })
    if (!completed) return undefined
    const [validation, test] = [
      await looked(trainer, job, job.validation, signal),
      await looked(trainer, job, job.test, signal),
    ]
    return reportOf(job, trainer, { records, validation, test, checkpoint: await written(trainer) })
  } catch (error) {
    if (signal?.aborted === true && error === signal.reason) return undefined
    throw error
  } finally {
    await trainer.dispose()
    await disposeData(job)
  }
}

async function looked(
  trainer: Trainer,
  { plan, metrics }: Job,
  dataset: Dataset | undefined,
  signal: AbortSignal | undefined,
): Promise<TriedImages | undefined> {
  if (dataset === undefined) return undefined
  const times: { readonly done: number; readonly at: number }[] = [{ done: 0, at: performance.now() }]
  await trainer.evaluate(someOf(dataset, triedBatches * testBatchSize), {
    batchSize: testBatchSize,
    weights: weightsOf(plan),
    metrics,
    onEvaluated: (done) => void times.push({ done, at: performance.now() }),
    ...given({ signal }),
  })
  // Of one batch alone its own time has to do.
  const [first, second = first, third] = times
  const [from, to] = third === undefined ? [first, second] : [second, third]
  const each = from === undefined || to === undefined ? 0 : (to.at - from.at) / 1000 / (to.done - from.done)
  return { images: dataset.length, seconds: each * dataset.length }
}

async function written(trainer: Trainer): Promise<DryRun['checkpoint']> {
  const folder = await mkdtemp(join(tmpdir(), 'convzoo-dry-run-'))
  try {
    const began = performance.now()
    const path = await trainer.saveCheckpoint(join(folder, 'tried.safetensors'))
    const seconds = (performance.now() - began) / 1000
    const { size: bytes } = await stat(path)
    return { bytes, seconds }
  } finally {
    await removeFolder(folder)
  }
}

interface Tried {
  readonly records: readonly StepRecord[]
  readonly validation: TriedImages | undefined
  readonly test: TriedImages | undefined
  readonly checkpoint: DryRun['checkpoint']
}

function reportOf(
  { plan: { settings }, model, training }: Job,
  trainer: Trainer,
  { records, validation, test, checkpoint }: Tried,
): DryRun {
  const { epochs, batchSize, validateEvery } = settings.training
  const counted = records.length > 1 ? records.slice(1) : records
  const sum = (name: 'seconds' | 'samples'): number => counted.reduce((total, record) => total + record[name], 0)
  const perImage = sum('seconds') / sum('samples')
  const epoch = { images: training.length, seconds: perImage * training.length }
  const validations = Math.ceil(epochs / validateEvery)
  const looks = validations * (validation?.seconds ?? 0) + (test?.seconds ?? 0)
  const steps = stepsOf(settings, training.length)
  return {
    parameters: summarize(model).totals.parameters,
    engine: trainer.description ?? '',
    step: { images: Math.min(batchSize, training.length), seconds: perImage * Math.min(batchSize, training.length) },
    steps,
    epochs,
    epoch,
    ...given({ validation, test }),
    checkpoint,
    seconds: epochs * (epoch.seconds + checkpoint.seconds) + looks,
    memoryBytes: 1024 * process.resourceUsage().maxRSS,
    diskBytes: diskOf(trainer, model, settings).most + stepBytes * steps,
  }
}
