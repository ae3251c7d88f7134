import { type Architecture, createModel, type Engine, type Model, type Optimizer } from '@convzoo/core'
import type { DataSource, StatisticsOptions } from '@convzoo/data'
import { openEngine } from '../catalogs/engines.js'
import { resolveArchitecture } from '../catalogs/plugins.js'
import { cacheOptionsOf, couldCache } from './cache.js'
import type { RunConfig, RunSettings } from './config.js'
import type { TrainingSettings } from './flags.js'
import { byMeasuredMean } from './measured-mean.js'
import { optimizerOf } from './optimizers.js'
import { preprocessingOf } from './preprocessing.js'
import { disposeData, loadData, loadOptionsOf, type RunData, type Warn } from './run-data.js'
import { learningRateOf } from './schedules.js'

/** All that a run needs, made from its configuration. */
export interface Job extends RunData {
  readonly config: RunConfig
  readonly architecture: Architecture
  readonly model: Model
  readonly engine: Engine
  readonly optimizer: Optimizer
  /** Whether keeping decoded images would spare time. */
  readonly couldCache: boolean
}

/** The configuration of a new run, whose images come from a source. */
export async function newConfig(
  id: string,
  settings: TrainingSettings & Pick<RunSettings, 'data'>,
  source: DataSource,
): Promise<RunConfig> {
  const network = await resolveArchitecture(id)
  const { architecture, tag, tagName } = network
  const input = settings.input ?? tag.defaults.input
  return {
    id: `${architecture.name}.${tagName}`,
    classes: source.classes.length,
    classNames: source.classes,
    preprocessing: preprocessingOf(settings, network, source, input),
    settings: { ...settings, input },
  }
}

/**
 * The network of a configuration.
 *
 * @throws ConvzooError if no installed package provides it, or it does not fit its input.
 */
export async function makeModel({ id, classes, settings: { input } }: RunConfig): Promise<Model> {
  const { architecture, tagName } = await resolveArchitecture(id)
  return createModel(architecture, { tag: tagName, input, classes })
}

/**
 * Makes what a configuration describes; nothing is written.
 *
 * @throws ConvzooError if one of them cannot be made.
 */
export async function makeJob(config: RunConfig, source: DataSource, warn: Warn): Promise<Job> {
  const { id, settings } = config
  const { architecture } = await resolveArchitecture(id)
  const model = await makeModel(config)
  const data = await loadData(config, source, warn)
  const steps = settings.epochs * Math.ceil(data.training.length / settings.batchSize)
  const { engine, device, threads, allowCpu } = settings
  return {
    config,
    architecture,
    model,
    ...data,
    engine: await openEngine(engine, { device, threads, allowCpu }),
    optimizer: optimizerOf(settings, learningRateOf(settings, steps)),
    couldCache: couldCache(settings, source),
  }
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
  const { mean, limit } = job.config.settings
  if (mean === undefined) return job
  await disposeData(job)
  const options = {
    ...loadOptionsOf(job.config, limit),
    ...cacheOptionsOf(job.config.settings, 'once'),
    onWarning: warn,
  }
  const preprocessing = await byMeasuredMean(mean, source, options, watch)
  const config = { ...job.config, preprocessing }
  return { ...job, config, ...(await loadData(config, source, warn)) }
}

/** What a checkpoint of the run must agree with. */
export function identityOf({ config, architecture }: Job): Readonly<Record<string, string>> {
  const { name, version } = architecture.package
  return { architecture: config.id, package: `${name}@${version}` }
}
