import { describeValue, unusableOption } from '../errors/index.js'
import { functionOf, invalid, matching, type Option, required } from '../options/index.js'
import { averageDecay } from './average.js'
import { clippingOption } from './clipping.js'
import { hyperparameterNames, type Optimizer } from './optimizer.js'
import { scheduled } from './schedules/index.js'
import { formerSlotNames, slotStarts } from './slots.js'

/** Names of other state beside a weight, and of other inputs of the functions that update. */
const takenSlots = ['average', 'gradient']
const takenScalars = [
  ...hyperparameterNames,
  averageDecay,
  'classWeights',
  'images',
  'targets',
  'sampleIndices',
  'seed',
  'step',
  'samples',
]

/** An optimizer of core's, or an object that keeps its contract; errors name the optimizer and the part that does not fit. */
export const optimizerOption: Option<Optimizer, Optimizer> = matching(
  'an optimizer, such as sgdw({ weightDecay: 5e-4, momentum: 0.9 })',
  isOptimizer,
)

function isOptimizer(value: unknown): value is Optimizer {
  if (typeof value !== 'object' || value === null || !('name' in value)) return false
  if (typeof value.name !== 'string' || value.name === '') return false
  const subject = `optimizer ${value.name}`
  // Not only its own properties: an optimizer may be an instance of a class.
  const member = (name: string): unknown => Reflect.get(value, name)
  const hyperparameters = entriesOf(subject, 'hyperparameters', member('hyperparameters'))
  for (const name of hyperparameterNames) requireFit(subject, name, scheduled, hyperparameters[name])
  requireFit(subject, 'slots', ownNames(takenSlots), member('slots'))
  if (member('slotStarts') !== undefined) requireFit(subject, 'slotStarts', slotStarts, member('slotStarts'))
  if (member('formerSlots') !== undefined) requireFit(subject, 'formerSlots', formerSlotNames, member('formerSlots'))
  const scalars = entriesOf(subject, 'scalars', member('scalars'))
  requireFit(subject, 'scalars', ownNames(takenScalars), Object.keys(scalars))
  for (const [name, scalar] of Object.entries(scalars)) requireFit(subject, name, scalarOption, scalar)
  requireFit(subject, 'clipping', clippingOption, member('clipping'))
  for (const name of ['decays', 'decay', 'update']) requireFit(subject, name, functionOf(), member(name))
  return true
}

function requireFit(subject: string, name: string, option: Option<unknown, unknown, boolean>, value: unknown): void {
  if (option.parse(value, `option "${name}" of ${subject}`) !== invalid) return
  throw unusableOption(`"${name}" of ${subject}`, { expected: option.expected, received: describeValue(value) })
}

function entriesOf(subject: string, name: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null) return { ...value }
  throw unusableOption(`"${name}" of ${subject}`, { expected: 'an object', received: describeValue(value) })
}

/** Names that differ from each other and from those that others have. */
const ownNames = (taken: readonly string[]): Option<readonly string[], readonly string[]> =>
  matching(
    `names, each once, and none of ${taken.join(', ')}`,
    (value): value is readonly string[] =>
      Array.isArray(value) &&
      value.every((name) => typeof name === 'string' && name !== '' && !taken.includes(name)) &&
      new Set(value).size === value.length,
  )

const scalarOption: Option<unknown, unknown> = required('a function of the step that gives finite numbers', (value) =>
  typeof value === 'function' && [0, 1].every((step) => Number.isFinite(value(step))) ? value : invalid,
)
