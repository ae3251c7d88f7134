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
import { type Callback, callbackSpecification } from './callback.js'
import { requireMade } from './made.js'
import { requireSpecification } from './specification.js'

/** All there is to know of a kind of callback. */
export interface CallbackDescription<S extends OptionKinds> {
  readonly specification: typeof callbackSpecification
  /** As configurations and flags write it; checkpoints know by it what the callback keeps. */
  readonly name: string
  /** In a line, for lists and help. */
  readonly title: string
  /** Where it was published. */
  readonly source?: string
  readonly options: S
  /** Makes one for a training. What it has to remember from step to step are its own variables. */
  readonly create: (options: OptionsOutput<S>) => Callback
}

/** A kind of callback: a function that makes one from its options, and the data that lists, flags and schemas are made of. */
export type CallbackDefinition<In extends object = never> = ((...given: Given<In>) => Callback) &
  Defined & {
    readonly specification: typeof callbackSpecification
    /** Makes one from what a configuration holds: its options are checked. */
    readonly make: (given?: unknown) => Callback
  }

const parts = defineOptions({
  specification: text,
  name: text,
  title: text,
  source: optional(text),
  options: optionKinds,
  create: functionOf(),
})

/**
 * Defines a kind of callback. The result makes callbacks from their options, and lists what these options are.
 *
 * @throws ConvzooError of kind `option` for a part of a definition that is unknown or does not fit, of kind `specification` for an
 * unknown contract. What it makes throws one of kind `option` for a bad option, of kind `specification` where `create` gives no callback.
 * @example
 * const target = defineCallback({
 *   specification: 'callback/v1',
 *   name: 'target',
 *   title: 'ends training where the accuracy is reached',
 *   options: { accuracy: described('part of 1', numberIn(0, 1)) },
 *   create: ({ accuracy }) => ({
 *     onEpoch({ training }, { stop }) {
 *       if (training.top1 >= accuracy) stop(`an accuracy of ${accuracy} is reached`)
 *     },
 *   }),
 * })
 * const callbacks = [target({ accuracy: 0.99 })]
 */
export function defineCallback<const S extends OptionKinds>(
  description: CallbackDescription<S>,
): CallbackDefinition<OptionsInput<S>> {
  const { name, title, source } = parts.parse('defineCallback', description)
  requireSpecification(`The callback "${name}"`, description.specification, callbackSpecification)
  const options = defineOptions(description.options)
  const make = (given?: unknown): Callback => {
    const made = description.create(options.parse(name, given as OptionsInput<S>))
    const callback = requireMade<Callback>(`the callback "${name}"`, made, [])
    return callback.name === undefined ? Object.assign(callback, { name }) : callback
  }
  return defined('callback', (...[given]: Given<OptionsInput<S>>) => make(given), {
    specification: callbackSpecification,
    name,
    title,
    source,
    options: options.kinds,
    make,
  })
}

/** Whether this is a definition of a callback, and no callback yet; also one that another copy of core made. */
export function isCallbackDefinition(value: unknown): value is CallbackDefinition {
  return definedKind(value) === 'callback'
}
