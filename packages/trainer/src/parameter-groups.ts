import { ConvzooError, type Model, type Optimizer, withAuxiliaryHeads } from '@convzoo/core'
import {
  type DecayInputs,
  defineOptions,
  described,
  describeValue,
  invalid,
  isOptionsObject,
  isRegExp,
  jsonSchemaOf,
  numberFrom,
  type Option,
  optional,
  required,
  type UpdateInputs,
  written,
} from '@convzoo/core/define'

/** Weights that are updated otherwise than the others. */
export interface ParameterGroup {
  /** A pattern of their names, such as `bias$`; the first group whose pattern a name matches has it. */
  readonly match: string | RegExp
  /** Factor of the learning rate; 1 by default. */
  readonly learningRate?: number | undefined
  /** Factor of the weight decay; 1 by default, 0 for weights that do not decay. */
  readonly weightDecay?: number | undefined
}

const pattern = written(
  { type: 'string', minLength: 1 },
  required<string | RegExp, string | RegExp>('a regular expression such as bias$', (value) => {
    if (isRegExp(value)) return value
    return typeof value === 'string' && patternOf(value) !== undefined ? value : invalid
  }),
)

const parts = defineOptions({
  match: described('a pattern of the names of its weights', pattern),
  learningRate: described('factor of the learning rate', optional(numberFrom(0), 1)),
  weightDecay: described('factor of the weight decay', optional(numberFrom(0), 1)),
})

/** A group of which nothing is missing. */
type WholeGroup = ReturnType<typeof parts.parse>

/**
 * Groups as a list, or as a line: `bias$ learningRate=2 weightDecay=0; gamma$ weightDecay=0`, in which a pattern has no space and no
 * semicolon.
 */
export const parameterGroupsOption: Option<string | readonly ParameterGroup[], readonly WholeGroup[]> = written(
  {
    anyOf: [
      { type: 'string', minLength: 1 },
      { type: 'array', items: jsonSchemaOf(parts.kinds) },
    ],
  },
  required(
    'groups of weights, such as "bias$ learningRate=2 weightDecay=0; gamma$ weightDecay=0"',
    (given, subject) => {
      const list: unknown = typeof given === 'string' ? groupsIn(given) : given
      if (!Array.isArray(list) || list.length === 0) return invalid
      const groups: readonly unknown[] = list
      if (!groups.every(isOptionsObject)) return invalid
      const whole = groups.map((group) => parts.parse(`a group in the ${subject}`, group as ParameterGroup))
      // In a line, a pattern alone changes nothing of its weights.
      return typeof given === 'string' && groups.some((group) => Object.keys(group).length < 2) ? invalid : whole
    },
  ),
)

/** The groups of a line; what is none gives options that no group has. */
function groupsIn(line: string): readonly Readonly<Record<string, unknown>>[] {
  return line.split(';').map((group) => {
    const [match, ...factors] = group.trim().split(/\s+/)
    return { match, ...Object.fromEntries(factors.map(factorIn)) }
  })
}

function factorIn(text: string): readonly [string, unknown] {
  const [name = '', value = ''] = text.split('=')
  return [name, value.trim() === '' || !Number.isFinite(Number(value)) ? value : Number(value)]
}

function patternOf(text: string): RegExp | undefined {
  try {
    return text === '' ? undefined : new RegExp(text)
  } catch {
    return undefined
  }
}

const plain: Omit<WholeGroup, 'match'> = { learningRate: 1, weightDecay: 1 }

/**
 * The same optimizer, which moves and decays weights by the factors of their groups, as groups of parameters in PyTorch do. Slots, clipping
 * and the order of an update stay as they are.
 *
 * @throws ConvzooError of kind `option` for a group that none of the model's trainable weights is left for: it would be ignored.
 */
export function inGroups(
  optimizer: Optimizer | undefined,
  groups: readonly WholeGroup[] | undefined,
  model: Model,
): Optimizer | undefined {
  if (optimizer === undefined || groups === undefined) return optimizer
  const byPattern = groups.map((group) => ({ ...group, pattern: new RegExp(group.match) }))
  // `search`, because `test` remembers where a global pattern stopped.
  const groupOf = (weight: string) => byPattern.find(({ pattern }) => weight.search(pattern) >= 0)
  requireUsed(byPattern, groupOf, model)
  const scaled = <Inputs extends DecayInputs>(inputs: Inputs): Inputs => {
    const { learningRate, weightDecay } = groupOf(inputs.name) ?? plain
    const times = (value: DecayInputs['learningRate'], factor: number) =>
      factor === 1 ? value : inputs.ops.multiply(value, factor)
    return {
      ...inputs,
      learningRate: times(inputs.learningRate, learningRate),
      weightDecay: times(inputs.weightDecay, weightDecay),
    }
  }
  return {
    name: optimizer.name,
    hyperparameters: optimizer.hyperparameters,
    scalars: optimizer.scalars,
    slots: optimizer.slots,
    slotStarts: optimizer.slotStarts,
    formerSlots: optimizer.formerSlots,
    clipping: optimizer.clipping,
    decays: (weight) => optimizer.decays(weight) && groupOf(weight)?.weightDecay !== 0,
    decay: (inputs) => optimizer.decay(scaled(inputs)),
    update: (inputs: UpdateInputs<string>) => optimizer.update(scaled(inputs)),
  }
}

function requireUsed<Group extends WholeGroup>(
  groups: readonly Group[],
  groupOf: (weight: string) => Group | undefined,
  model: Model,
): void {
  const names = withAuxiliaryHeads(model).weights.flatMap(({ name, trainable }) => (trainable ? [name] : []))
  const used = new Set(names.map(groupOf))
  const idle = groups.find((group) => !used.has(group))
  if (idle === undefined) return
  throw new ConvzooError({
    kind: 'option',
    message: 'A group of parameters has no weight.',
    expected: `a pattern that a trainable weight matches, and no group before it: ${names.slice(0, 4).join(', ')}, …`,
    received: describeValue(String(idle.match)),
    hint: 'the names are those of model.weights, such as conv2d/kernel and conv2d/bias',
  })
}
