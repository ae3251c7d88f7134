import { type Architecture, createModel, type Dataset, type Engine, type Model, type Optimizer } from '@convzoo/core'
import type { DataSource, LoadOptions } from '@convzoo/data'
import { openEngine } from '../catalogs/engines.js'
import { resolveArchitecture } from '../catalogs/plugins.js'
import type { RunConfig } from './config.js'
import type { TrainingSettings } from './flags.js'
import { optimizerOf } from './optimizers.js'
import { preprocessingOf } from './preprocessing.js'
import { learningRateOf } from './schedules.js'
import { given } from './used-options.js'

/** All that a run needs, made from its configuration. */
export interface Job {
  readonly config: RunConfig
  readonly architecture: Architecture
  readonly model: Model
  readonly training: Dataset
  readonly test: Dataset
  readonly engine: Engine
  readonly optimizer: Optimizer
}

/** The configuration of a new run, whose images come from a source. */
export async function newConfig(id: string, settings: TrainingSettings, source: DataSource): Promise<RunConfig> {
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

/** How images are loaded for a run. */
export function loadOptionsOf({ settings, preprocessing }: RunConfig, limit?: number): LoadOptions {
  const { input, workers, onBadImage, maxBad } = settings
  return { imageShape: input, preprocessing, ...given({ limit, workers, onBadImage, maxBad }) }
}

/**
 * Makes what a configuration describes; nothing is written.
 *
 * @throws ConvzooError if one of them cannot be made.
 */
export async function makeJob(config: RunConfig, source: DataSource): Promise<Job> {
  const { id, classes, settings } = config
  const { architecture, tagName } = await resolveArchitecture(id)
  const model = createModel(architecture, { tag: tagName, input: settings.input, classes })
  const training = await source.load('train', loadOptionsOf(config, settings.limit))
  const test = await source.load('test', loadOptionsOf(config, settings.testLimit))
  const steps = settings.epochs * Math.ceil(training.length / settings.batchSize)
  const { engine, device, threads, allowCpu } = settings
  return {
    config,
    architecture,
    model,
    training,
    test,
    engine: await openEngine(engine, { device, threads, allowCpu }),
    optimizer: optimizerOf(settings, learningRateOf(settings, steps)),
  }
}

/** What a checkpoint of the run must agree with. */
export function identityOf({ config, architecture }: Job): Readonly<Record<string, string>> {
  const { name, version } = architecture.package
  return { architecture: config.id, package: `${name}@${version}` }
}
