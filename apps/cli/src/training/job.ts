import { type Architecture, createModel, type Dataset, type Engine, type Model, type Optimizer } from '@convzoo/core'
import { datasets } from '../catalogs/datasets.js'
import { engines } from '../catalogs/engines.js'
import { resolveArchitecture } from '../catalogs/plugins.js'
import type { RunConfig } from './config.js'
import type { TrainingSettings } from './flags.js'
import { optimizerOf } from './optimizers.js'
import { learningRateOf } from './schedules.js'

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

/** The configuration of a new run. */
export async function newConfig(id: string, settings: TrainingSettings): Promise<RunConfig> {
  const { architecture, tag, tagName } = await resolveArchitecture(id)
  return {
    id: `${architecture.name}.${tagName}`,
    classes: datasets[settings.dataset].classes,
    settings: { ...settings, input: settings.input ?? tag.defaults.input },
  }
}

/**
 * Makes what a configuration describes; nothing is written.
 *
 * @throws ConvzooError if one of them cannot be made.
 */
export async function makeJob(config: RunConfig): Promise<Job> {
  const { id, classes, settings } = config
  const { architecture, tagName } = await resolveArchitecture(id)
  const model = createModel(architecture, { tag: tagName, input: settings.input, classes })
  const load = (split: 'train' | 'test', limit: number | undefined): Promise<Dataset> =>
    datasets[settings.dataset].load({ split, imageShape: settings.input, ...(limit === undefined ? {} : { limit }) })
  const training = await load('train', settings.limit)
  const test = await load('test', settings.testLimit)
  const steps = settings.epochs * Math.ceil(training.length / settings.batchSize)
  const { engine, device, threads, allowCpu } = settings
  return {
    config,
    architecture,
    model,
    training,
    test,
    engine: await engines[engine]({ device, threads, allowCpu }),
    optimizer: optimizerOf(settings, learningRateOf(settings, steps)),
  }
}

/** What a checkpoint of the run must agree with. */
export function identityOf({ config, architecture }: Job): Readonly<Record<string, string>> {
  const { name, version } = architecture.package
  return { architecture: config.id, package: `${name}@${version}` }
}
