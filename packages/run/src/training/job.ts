import {
  type Architecture,
  type Callback,
  createModel,
  type Engine,
  freeze,
  type Loss,
  type Model,
  type Optimizer,
  type Preprocessing,
  unfreeze,
} from '@convzoo/core'
import { unusableOption } from '@convzoo/core/define'
import type { DataSource, StatisticsOptions } from '@convzoo/data'
import type { Metric } from '@convzoo/trainer'
import type { Definitions, RunSettings } from '../config/config.js'
import { openEngine } from '../engine/choice.js'
import type { Told } from '../listener.js'
import { headLayers } from '../network/head.js'
import { byMeasuredMean } from '../network/measured-mean.js'
import { preprocessingOf } from '../network/preprocessing.js'
import type { PlannedSettings, RunPlan } from '../plan.js'
import { resolveArchitecture } from '../plugins/installed.js'
import { cacheOptionsOf, couldCache } from '../source/cache.js'
import { fingerprintOf } from '../source/identity.js'
import { disposeData, loadData, loadOptionsOf, type RunData, type Warn } from '../source/run-data.js'
import { makeMetrics } from './metrics.js'
import { makeLoss, makeOptimizer } from './update.js'

/** All that a run needs, made from its plan. */
export interface Job extends RunData {
  readonly plan: RunPlan
  readonly architecture: Architecture
  readonly model: Model
  readonly engine: Engine
  readonly optimizer: Optimizer
  readonly loss: Loss
  /** Those that the configuration names. */
  readonly callbacks: readonly Callback[]
  readonly metrics: readonly Metric[]
  /** Whether keeping decoded images would spare time. */
  readonly couldCache: boolean
}

/** The plan of a new run, whose images come from a source. */
export async function newPlan(settings: RunSettings, source: DataSource): Promise<RunPlan> {
  const network = await resolveArchitecture(settings.network.id)
  const { architecture, tag, tagName } = network
  const input = settings.network.input ?? tag.defaults.input
  const planned: PlannedSettings = {
    ...settings,
    network: { ...settings.network, id: `${architecture.name}.${tagName}`, input },
  }
  return {
    settings: planned,
    classes: source.classes.length,
    classNames: source.classes,
    preprocessing: preprocessingOf(withoutAugmentation(settings.data), network, source, input),
  }
}

/**
 * What is overfitted is seen as it is.
 *
 * @throws ConvzooError of kind `option` if augmentation is asked for.
 */
function withoutAugmentation(data: RunSettings['data']): RunSettings['data'] {
  const { overfit, augment = 'none' } = data
  if (overfit === undefined) return data
  if (augment === 'none') return { ...data, augment }
  throw unusableOption('--augment', {
    expected: 'none beside --overfit, which sees images as they are',
    received: augment,
    hint: 'leave one of them out',
  })
}

/**
 * The network of a plan.
 *
 * @throws ConvzooError if no installed package provides it, or it does not fit its input.
 */
export async function makeModel({ classes, settings: { network } }: RunPlan): Promise<Model> {
  const { architecture, tagName } = await resolveArchitecture(network.id)
  const model = createModel(architecture, { tag: tagName, input: network.input, classes })
  const { freeze: pattern, head } = network
  if (pattern === undefined) return model
  const frozen = freeze(model, new RegExp(pattern))
  return head === undefined ? frozen : unfreeze(frozen, headLayers(model))
}

/** Optimizer steps of a whole run. */
export const stepsOf = ({ training: { epochs, batchSize } }: RunSettings, samples: number): number =>
  epochs * Math.ceil(samples / batchSize)

/**
 * Makes what a plan describes; nothing is written.
 *
 * @throws ConvzooError if one of them cannot be made.
 */
export async function makeJob(plan: RunPlan, source: DataSource, definitions: Definitions, warn: Warn): Promise<Job> {
  const { settings } = plan
  const { architecture } = await resolveArchitecture(settings.network.id)
  const model = await makeModel(plan)
  const data = await loadData(plan, source, warn)
  return {
    plan,
    architecture,
    model,
    ...data,
    engine: await openEngine(settings.engine),
    optimizer: await makeOptimizer(settings, stepsOf(settings, data.training.length), definitions),
    loss: await makeLoss(settings, definitions),
    callbacks: await makeCallbacks(settings, definitions),
    metrics: await makeMetrics(settings.metrics, definitions),
    couldCache: couldCache(settings.data, source),
  }
}

async function makeCallbacks({ callbacks }: RunSettings, definitions: Definitions): Promise<readonly Callback[]> {
  return Promise.all(
    callbacks.map(async ({ name, ...options }) => {
      const make = await definitions.find('callback', name)
      return make(options) as Callback
    }),
  )
}

/**
 * The same job with the mean of its training images, where its settings ask for one. They are gone through once, after all else was
 * made and found fit.
 *
 * @throws ConvzooError if too many images cannot be read; the signal's reason if it was stopped.
 */
export async function withMeasuredMean(
  job: Job,
  source: DataSource,
  watch: StatisticsOptions,
  warn: Warn,
): Promise<Job> {
  const { data } = job.plan.settings
  if (data.mean === undefined) return job
  await disposeData(job)
  const options = { ...loadOptionsOf(job.plan, data.limit), ...cacheOptionsOf(data, 'once'), onWarning: warn }
  const { whitening } = job.plan.preprocessing
  const measured = await byMeasuredMean(data.mean, source, options, watch)
  const plan = { ...job.plan, preprocessing: whitening === undefined ? measured : { ...measured, whitening } }
  return { ...job, plan, ...(await loadData(plan, source, warn)) }
}

/**
 * The same job with its pictures whitened, where its network asks for it: fitted to its training images. Inputs that are too large for it
 * are seen without, of which the listener hears.
 *
 * @throws ConvzooError if too many images cannot be read; the signal's reason if it was stopped.
 */
export async function withWhitening(
  job: Job,
  source: DataSource,
  watch: StatisticsOptions,
  told: Pick<Told, 'warn'>,
): Promise<Job> {
  const { whitening, ...plain } = job.plan.preprocessing
  if (whitening === undefined) return job
  const [height, width, channels] = job.plan.settings.network.input
  const { fitWhitening, mostWhitened } = await import('@convzoo/data')
  const planned = (preprocessing: Preprocessing): RunPlan => ({ ...job.plan, preprocessing })
  if (height * width * channels > mostWhitened) {
    told.warn(
      `Pictures are not whitened, as ${job.architecture.name} asks: they have more than ${mostWhitened} values.`,
    )
    return { ...job, plan: planned(plain) }
  }
  await disposeData(job)
  const { data } = job.plan.settings
  const options = { ...loadOptionsOf(job.plan, data.limit), ...cacheOptionsOf(data, 'once'), onWarning: told.warn }
  const asked = { ...options, preprocessing: job.plan.preprocessing }
  const fitted = await fitWhitening(source, asked, watch)
  const plan = planned({ ...plain, whitening: { ...whitening, fitted } })
  return { ...job, plan, ...(await loadData(plan, source, told.warn)) }
}

/** The job, by whose plan its images are known again. */
export async function withFingerprint(job: Job): Promise<Job> {
  const fingerprint = await fingerprintOf(job)
  return fingerprint === undefined ? job : { ...job, plan: { ...job.plan, fingerprint } }
}

/** What a checkpoint of the run must agree with. */
export function identityOf({ plan, architecture }: Job): Readonly<Record<string, string>> {
  const { name, version } = architecture.package
  return { architecture: plan.settings.network.id, package: `${name}@${version}` }
}
