import { requireSpecification } from '../contracts/specification.js'
import { opsKind } from '../graph/ops.js'
import { type Value, valueKind } from '../graph/value.js'
import {
  type Defined,
  defined,
  defineOptions,
  functionOf,
  type Given,
  type OptionKinds,
  type OptionsInput,
  type OptionsOutput,
  optional,
  optionKinds,
  text,
} from '../options/index.js'
import { definedKind } from '../recognise/index.js'
import type { Loss, LossInputs } from './loss.js'

/** The contract that {@link defineLoss} reads. */
export const lossSpecification = 'loss/v1'

/** All there is to know of a kind of loss. */
export interface LossDescription<S extends OptionKinds> {
  readonly specification: typeof lossSpecification
  /** As configurations and flags write it: letters and digits. */
  readonly name: string
  /** In a line, for lists and help. */
  readonly title: string
  /** Where it was published. */
  readonly source?: string
  readonly options: S
  /** How wrong an output is, sample by sample: [N]. */
  readonly losses: (inputs: LossInputs, options: OptionsOutput<S>) => Value
}

/** A kind of loss as a table of all kinds holds it. */
export interface LossDefinition extends Defined {
  readonly specification: typeof lossSpecification
  /** The loss of these options, such as a file holds: they are checked. */
  make(options: unknown): Loss
}

/** A kind of loss: a function that makes one from its options, and the data that lists, flags and schemas are made of. */
export type LossMaker<S extends OptionKinds> = ((...given: Given<OptionsInput<S>>) => Loss) & LossDefinition

const parts = defineOptions({
  specification: text,
  name: text,
  title: text,
  source: optional(text),
  options: optionKinds,
  losses: functionOf(),
})

const inputKinds = defineOptions({ ops: opsKind, output: valueKind, logits: optional(valueKind), targets: valueKind })

/**
 * Defines a kind of loss. The result makes losses from their options, and lists what these options are.
 *
 * @throws ConvzooError of kind `option` for a part of a definition that is unknown or does not fit, of kind `specification` for an
 * unknown contract. What it makes throws one of kind `option` for a bad option.
 * @example
 * const squaredError = defineLoss({
 *   specification: 'loss/v1',
 *   name: 'squaredError',
 *   title: 'the sum of squared differences',
 *   options: {},
 *   losses: ({ ops, output, targets }) => ops.sum(ops.square(ops.subtract(output, targets)), { axes: [1] }),
 * })
 * const loss = squaredError()
 */
export function defineLoss<const S extends OptionKinds>(description: LossDescription<S>): LossMaker<S> {
  const { name, title, source } = parts.parse('defineLoss', description)
  requireSpecification(`The loss "${name}"`, description.specification, lossSpecification)
  const options = defineOptions(description.options)
  const make = (given: unknown): Loss => {
    const parsed = options.parse(name, given as OptionsInput<S>)
    return {
      name,
      losses: (inputs) => description.losses(inputKinds.parse(`losses of ${name}`, inputs), parsed),
    }
  }
  return defined('loss', (...[given]: Given<OptionsInput<S>>) => make(given), {
    specification: description.specification,
    name,
    title,
    source,
    options: options.kinds,
    make,
  })
}

/** Whether this is a definition of a loss, and no loss yet; also one that another copy of core made. */
export function isLossDefinition(value: unknown): value is LossDefinition {
  return definedKind(value) === 'loss'
}
