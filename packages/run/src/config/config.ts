import { fieldsOf, isOptionsObject, type Options, requireKnownOptions, unusableOption } from '@convzoo/core/define'
import type { Choice, Chosen, Definition } from '../plugins/definition.js'
import { chosenOf, completeChoice, listOf, metricOf, namedBy, partedBy } from './choice.js'
import { optimizerDefaults } from './optimizer-defaults.js'
import {
  checkpointsSection,
  dataSection,
  engineSection,
  networkSection,
  scheduleSection,
  trainingSection,
} from './sections.js'

type Written<Section> = Section extends Options<infer In, infer _> ? In : never
type Complete<Section> = Section extends Options<infer _, infer Out> ? Out : never

/**
 * A training run as plain data: what `config.json` of a run holds, what `--config` reads, and what flags are turned into. Only the network
 * and the data must be said.
 *
 * @example
 * const config: RunConfig = { network: 'alexnet', data: 'flowers', optimizer: { name: 'adamW', learningRate: 3e-4 }, training: { epochs: 30 } }
 */
export interface RunConfig {
  /** An id, such as `alexnet` or `alexnet.notebook`. */
  readonly network: string | Written<typeof networkSection>
  /** The name of a set, a folder of photographs, an archive, an address. */
  readonly data: string | Written<typeof dataSection>
  /** The name of an optimizer, or `{ name, …options }`. */
  readonly optimizer?: Choice | undefined
  /** Of the learning rate, over the run: `cosine`, or `{ name: 'stepDecay', every: 1000, warmUp: 100 }`. */
  readonly schedule?: Choice | undefined
  readonly loss?: Choice | undefined
  readonly training?: Written<typeof trainingSection> | undefined
  readonly checkpoints?: Written<typeof checkpointsSection> | undefined
  /** The name of an engine, or `{ name, device, …options }`. */
  readonly engine?: Choice | undefined
  readonly callbacks?: readonly Choice[] | undefined
  /** What is measured of each validation and at the end, besides loss, top-1 and top-5: `['f1', 'topK:k=3', { name: 'topK', k: 3 }]`. */
  readonly metrics?: readonly Choice[] | undefined
}

/** A configuration of which nothing is missing. */
export interface RunSettings {
  readonly network: Complete<typeof networkSection>
  readonly data: Complete<typeof dataSection>
  readonly optimizer: Chosen
  readonly schedule: Chosen & Complete<typeof scheduleSection>
  readonly loss: Chosen
  readonly training: Complete<typeof trainingSection>
  readonly checkpoints: Complete<typeof checkpointsSection>
  readonly engine: Chosen & Complete<typeof engineSection>
  readonly callbacks: readonly Chosen[]
  readonly metrics: readonly Chosen[]
}

export type SectionName = keyof RunConfig

/** The sections, in the order in which they are written. */
export const sectionNames = [
  'network',
  'data',
  'optimizer',
  'schedule',
  'loss',
  'training',
  'checkpoints',
  'engine',
  'callbacks',
  'metrics',
] as const satisfies readonly SectionName[]

/** What can be chosen by name in a configuration. */
export type ChoiceKind = 'optimizer' | 'loss' | 'schedule' | 'callback' | 'metric' | 'engine'

/** What is taken where no name is said. */
export const usual = {
  optimizer: 'adamW',
  schedule: 'cosine',
  loss: 'categoricalCrossentropy',
  engine: 'auto',
} as const

/** What is measured where nothing is said. */
export const usualMetrics = ['balancedAccuracy', 'f1', 'calibrationError'] as const

/** Finds what can be chosen by name; only what is asked for is loaded. */
export interface Definitions {
  /** @throws ConvzooError of kind `option` that names what there is, if there is none of that name. */
  find(kind: ChoiceKind, name: string): Promise<Definition>
}

/**
 * Fills in what a configuration leaves open.
 *
 * @throws ConvzooError of kind `option` that names the section and the setting, what was expected and what was received.
 */
export async function completeConfig(config: unknown, definitions: Definitions): Promise<RunSettings> {
  requireKnownOptions('the configuration of a run', config ?? {}, [...sectionNames, ...recordedNames])
  const given: Readonly<Partial<Record<SectionName, unknown>>> = isOptionsObject(config) ? fieldsOf(config) : {}
  requireNoNull(given)
  const { network, data, optimizer, loss, training, checkpoints, callbacks, metrics } = given
  const schedule = partedBy(scheduleSection, chosenOf('schedule', given.schedule, usual.schedule))
  const complete = (kind: ChoiceKind, choice: Chosen): Promise<Chosen> => completeChoice(kind, choice, definitions)
  return {
    network: networkSection.parse('the network', namedBy('id', network)),
    data: dataSection.parse('the data', namedBy('source', data)),
    optimizer: await completeOptimizer(chosenOf('optimizer', optimizer, usual.optimizer), definitions),
    schedule: {
      ...(await complete('schedule', schedule.others)),
      ...scheduleSection.parse('the schedule', schedule.own),
    },
    loss: await complete('loss', chosenOf('loss', loss, usual.loss)),
    training: trainingSection.parse('the training', training ?? {}),
    checkpoints: checkpointsSection.parse('the checkpoints', checkpoints ?? {}),
    engine: await completeEngine(given.engine, definitions),
    callbacks: await Promise.all(
      listOf('callbacks', callbacks).map((each) => complete('callback', chosenOf('callback', each))),
    ),
    metrics: await completeMetrics(metrics, definitions),
  }
}

/**
 * Metrics of which nothing is missing.
 *
 * @throws ConvzooError of kind `option` if there is none of such a name, or an option does not fit.
 */
export const completeMetrics = (metrics: unknown, definitions: Definitions): Promise<readonly Chosen[]> =>
  Promise.all(
    listOf('metrics', metrics, usualMetrics).map((each) => completeChoice('metric', metricOf(each), definitions)),
  )

/** `training:` with nothing after it is null in YAML: whether the usual was meant, or lines are missing, nobody knows. */
function requireNoNull(given: Readonly<Partial<Record<SectionName, unknown>>>): void {
  const empty = sectionNames.find((name) => given[name] === null)
  if (empty === undefined) return
  throw unusableOption(`"${empty}" of the configuration of a run`, {
    expected: 'what it is to be',
    received: 'null',
    hint: 'leave it out where the usual is meant',
  })
}

/** What a run adds to its configuration when it is written down. */
export const recordedNames = ['$schema', 'format', 'made'] as const

/** What something runs on, of which nothing is missing. */
export async function completeEngine(choice: unknown, definitions: Definitions): Promise<RunSettings['engine']> {
  const { own, others } = partedBy(engineSection, chosenOf('engine', choice, usual.engine))
  return { ...(await completeChoice('engine', others, definitions)), ...engineSection.parse('the engine', own) }
}

async function completeOptimizer(choice: Chosen, definitions: Definitions): Promise<Chosen> {
  const { name } = await definitions.find('optimizer', choice.name)
  return completeChoice(
    'optimizer',
    { ...(Object.hasOwn(optimizerDefaults, name) ? optimizerDefaults[name] : {}), ...choice },
    definitions,
  )
}
