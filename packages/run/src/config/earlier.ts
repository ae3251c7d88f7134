import { fieldsOf, isOptionsObject } from '@convzoo/core/define'
import type { RunConfig, SectionName } from './config.js'

type Json = Readonly<Record<string, unknown>>

/**
 * Where each setting of a configuration of an earlier version stands now. Those were flat: one name for each flag of the command line.
 */
const places: Readonly<Record<string, readonly [section: SectionName, name: string]>> = {
  id: ['network', 'id'],
  input: ['network', 'input'],
  // Before it could be any source, it was a set that is known by name.
  dataset: ['data', 'source'],
  data: ['data', 'source'],
  validationPart: ['data', 'validationSplit'],
  validationSplit: ['data', 'validationSplit'],
  limit: ['data', 'limit'],
  testLimit: ['data', 'testLimit'],
  shorterSide: ['data', 'shorterSide'],
  augment: ['data', 'augment'],
  mean: ['data', 'mean'],
  workers: ['data', 'workers'],
  cache: ['data', 'cache'],
  cacheSize: ['data', 'cacheSize'],
  onBadImage: ['data', 'onBadImage'],
  maxBad: ['data', 'maxBad'],
  optimizer: ['optimizer', 'name'],
  learningRate: ['optimizer', 'learningRate'],
  weightDecay: ['optimizer', 'weightDecay'],
  momentum: ['optimizer', 'momentum'],
  nesterov: ['optimizer', 'nesterov'],
  dampening: ['optimizer', 'dampening'],
  convention: ['optimizer', 'convention'],
  beta1: ['optimizer', 'beta1'],
  beta2: ['optimizer', 'beta2'],
  epsilon: ['optimizer', 'epsilon'],
  schedule: ['schedule', 'name'],
  warmUp: ['schedule', 'warmUp'],
  gamma: ['schedule', 'gamma'],
  power: ['schedule', 'power'],
  finalLearningRate: ['schedule', 'final'],
  epochs: ['training', 'epochs'],
  validateEvery: ['training', 'validateEvery'],
  batchSize: ['training', 'batchSize'],
  seed: ['training', 'seed'],
  checkpointEvery: ['checkpoints', 'everySteps'],
  checkpointMinutes: ['checkpoints', 'everyMinutes'],
  engine: ['engine', 'name'],
  device: ['engine', 'device'],
  allowCpu: ['engine', 'allowCpu'],
  threads: ['engine', 'threads'],
}

/** What stands under `made` now. */
const found = ['package', 'classes', 'classNames', 'fingerprint', 'preprocessing'] as const

/** Whether a configuration is of a version whose settings were flat. */
export const isEarlier = (stored: Json): boolean => !('format' in stored)

/** Settings that had another name, by their section. */
const renamed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  network: { from: 'weights' },
  data: { validationPart: 'validationSplit' },
}

/** The same configuration, of which a setting may have another name now. */
export function withNamesOfToday(stored: Json): Json {
  const sections = Object.entries(stored).map(([section, settings]) => {
    const names = Object.hasOwn(renamed, section) ? renamed[section] : undefined
    if (names === undefined || !isOptionsObject(settings)) return [section, settings] as const
    const today = Object.entries(fieldsOf(settings)).map(
      ([name, value]) => [Object.hasOwn(names, name) ? (names[name] ?? name) : name, value] as const,
    )
    return [section, Object.fromEntries(today)] as const
  })
  return Object.fromEntries(sections)
}

const isThere = (value: unknown): boolean => value !== undefined && value !== null

/** A configuration of an earlier version in today's form; what is damaged in it is found when that is read. */
export function fromEarlier(stored: Json): Json {
  const sections: Partial<Record<SectionName, Record<string, unknown>>> = {}
  for (const [old, [section, name]] of Object.entries(places)) {
    const value = stored[old] ?? undefined
    if (value === undefined) continue
    sections[section] = { ...sections[section], [name]: value }
  }
  const { clipNorm, decayEvery, schedule } = stored
  if (isThere(decayEvery)) {
    sections.schedule = { ...sections.schedule, [schedule === 'exponential' ? 'steps' : 'every']: decayEvery }
  }
  if (isThere(clipNorm)) {
    sections.optimizer = { ...sections.optimizer, clipping: { globalNorm: clipNorm } }
  }
  return { ...sections, made: Object.fromEntries(found.map((name) => [name, stored[name]])) } satisfies Json &
    Partial<Record<keyof RunConfig, unknown>>
}
