import { requireSpecification } from '../contracts/specification.js'
import { unusableOption } from '../errors/index.js'
import {
  type Defined,
  defined,
  defineOptions,
  fieldsOf,
  functionOf,
  type Given,
  invalid,
  isOptionsObject,
  matching,
  misfit,
  numberFrom,
  type OptionKinds,
  type OptionsInput,
  type OptionsOutput,
  optional,
  optionKinds,
  requireKnownOptions,
  text,
} from '../options/index.js'
import { definedKind } from '../recognise/index.js'
import { checkedRule } from './checked-rule.js'
import { scaledDecay } from './decay.js'
import type { Optimizer } from './optimizer.js'
import { type CommonOptimizerOptions, commonOptimizerOptions, commonPart } from './options.js'
import { type Schedule, scheduled } from './schedules/index.js'
import { formerSlotNames, type SlotStartInput, slotStarts } from './slots.js'

/** The contract that {@link defineOptimizer} reads. */
export const optimizerSpecification = 'optimizer/v1'

/** What an optimizer does with each weight, for one choice of its options. */
export interface OptimizerRule<Slot extends string = string, Scalar extends string = string> {
  /**
   * What is kept beside each trainable weight, by name, and how it starts: an initializer such as `zeros`, or `weight` for a copy of
   * the weight. One that is `undefined` is not kept.
   */
  readonly slots?: Readonly<Record<Slot, SlotStartInput | undefined>>
  /** {@link Optimizer.formerSlots}; none by default. */
  readonly formerSlots?: Optimizer<Slot, Scalar>['formerSlots']
  /** {@link Optimizer.scalars}; none by default. */
  readonly scalars?: Optimizer<Slot, Scalar>['scalars']
  /** By default `scaledDecay`, as AdamW. */
  readonly decay?: Optimizer['decay']
  readonly update: Optimizer<Slot, Scalar>['update']
}

/** All there is to know of a kind of optimizer. */
export interface OptimizerDescription<S extends OptionKinds, Slot extends string, Scalar extends string> {
  readonly specification: typeof optimizerSpecification
  /** As configurations and flags write it: letters and digits. */
  readonly name: string
  /** In a line, for lists and help. */
  readonly title: string
  /** Where it was published. */
  readonly source?: string
  /** The learning rate where nothing is said. */
  readonly learningRate: number
  /**
   * Its own, by name; `learningRate`, `excludeFromWeightDecay` and `clipping` are added. A number under `weightDecay` is what
   * {@link OptimizerRule.decay} sees; without that option nothing decays.
   */
  readonly options: S
  /** Where the compiler is to know the names of slots and scalars: `rule: (options): OptimizerRule<'mean', never> => …`. */
  readonly rule: (options: OptionsOutput<S>) => OptimizerRule<Slot, Scalar>
}

/** A kind of optimizer as a table of all kinds holds it. */
export interface OptimizerDefinition extends Defined {
  readonly specification: typeof optimizerSpecification
  /** The optimizer of these options, such as a file holds: they are checked. */
  make(options: unknown): Optimizer
}

/** A kind of optimizer: a function that makes one from its options, and the data that lists, flags and schemas are made of. */
export type OptimizerMaker<S extends OptionKinds> = ((
  ...given: Given<OptionsInput<S> & CommonOptimizerOptions>
) => Optimizer) &
  OptimizerDefinition

const parts = defineOptions({
  specification: text,
  name: text,
  title: text,
  source: optional(text),
  learningRate: numberFrom(0),
  options: optionKinds,
  rule: functionOf(),
})

const isScalars = (given: unknown): given is Optimizer['scalars'] =>
  isOptionsObject(given) && Object.values(given).every((scalar) => typeof scalar === 'function')

const ruleParts = defineOptions({
  slots: optional(slotStarts, {}),
  formerSlots: optional(formerSlotNames, {}),
  scalars: optional(matching('an object of functions of the step', isScalars), {}),
  decay: optional(functionOf<Optimizer['decay']>()),
  update: functionOf<Optimizer['update']>(),
})

/**
 * Defines a kind of optimizer. The result makes optimizers from their options, and lists what these options are.
 *
 * @throws ConvzooError of kind `option` for a part of a definition that is unknown or does not fit, of kind `specification` for an
 * unknown contract. The optimizers that it makes throw one of kind `option` for a bad option.
 * @example
 * const signSgd = defineOptimizer({
 *   specification: 'optimizer/v1',
 *   name: 'signSgd',
 *   title: 'the sign of the gradient',
 *   learningRate: 1e-4,
 *   options: {},
 *   rule: () => ({
 *     update: ({ ops, weight, gradient, learningRate }) => {
 *       const up = ops.select(ops.greater(gradient, 0), 1, -1)
 *       return { weight: ops.subtract(weight, ops.multiply(learningRate, up)), slots: {} }
 *     },
 *   }),
 * })
 * const optimizer = signSgd({ learningRate: 1e-3 })
 */
export function defineOptimizer<
  const S extends OptionKinds,
  Slot extends string = string,
  Scalar extends string = string,
>(description: OptimizerDescription<S, Slot, Scalar>): OptimizerMaker<S> {
  const { name, title, source, learningRate } = parts.parse('defineOptimizer', description)
  requireSpecification(`The optimizer "${name}"`, description.specification, optimizerSpecification)
  const common = commonOptimizerOptions(learningRate)
  const twice = Object.keys(common).find((each) => Object.hasOwn(description.options, each))
  if (twice !== undefined) {
    throw unusableOption(`"options" of optimizer ${name}`, {
      expected: `none of ${Object.keys(common).join(', ')}, which every optimizer has`,
      received: twice,
    })
  }
  const own = defineOptions(description.options)
  const shared = defineOptions(common)
  const options = { ...common, ...description.options }
  const names = Object.keys(options)
  const make = (given: unknown): Optimizer => {
    requireKnownOptions(name, given, names)
    const written = isOptionsObject(given) ? fieldsOf(given, names) : {}
    const ours = Object.entries(written).filter(([each]) => Object.hasOwn(common, each))
    const theirs = Object.entries(written).filter(([each]) => !Object.hasOwn(common, each))
    const general = shared.parse(name, Object.fromEntries(ours))
    const parsed = own.parse(name, Object.fromEntries(theirs) as OptionsInput<S>)
    const weightDecay = weightDecayOf(name, parsed)
    return checkedRule({
      ...commonPart(name, { ...general, weightDecay }),
      ...contractOf(name, description.rule(parsed), Object.hasOwn(options, 'weightDecay')),
    })
  }
  return defined('optimizer', (...[given]: Given<OptionsInput<S> & CommonOptimizerOptions>) => make(given), {
    specification: description.specification,
    name,
    title,
    source,
    options,
    make,
  })
}

/** The weight decay that an optimizer's own options hold, whatever kind of option it is. */
function weightDecayOf(name: string, parsed: object): number | Schedule {
  const given: unknown = Reflect.get(parsed, 'weightDecay')
  const found = given === undefined ? 0 : scheduled.parse(given, `option "weightDecay" of ${name}`)
  if (found === invalid) throw misfit(`"weightDecay" of ${name}`, scheduled, given)
  return found
}

/** What a definition's rule gave, in the form of an optimizer's contract. */
function contractOf(
  name: string,
  rule: object,
  decays: boolean,
): Pick<Optimizer, 'slots' | 'slotStarts' | 'formerSlots' | 'scalars' | 'decay' | 'update'> {
  const given = ruleParts.parse(`the rule of ${name}`, rule as Parameters<typeof ruleParts.parse>[1])
  const { slots, formerSlots, scalars, decay = decays ? scaledDecay : unchanged, update } = given
  return { slots: Object.keys(slots), slotStarts: slots, formerSlots, scalars, decay, update }
}

const unchanged: Optimizer['decay'] = ({ weight, gradient }) => ({ weight, gradient })

/** Whether this is a definition of an optimizer, and no optimizer yet; also one that another copy of core made. */
export function isOptimizerDefinition(value: unknown): value is OptimizerDefinition {
  return definedKind(value) === 'optimizer'
}
