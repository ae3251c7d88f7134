import { ConvzooError, describeValue } from '../errors/index.js'
import type { Ops } from '../graph/ops.js'
import { type Value, valueKind } from '../graph/value.js'
import { described, invalid, nearestNames, type Option, optional, quoted, required, written } from '../options/index.js'
import { formatShape, sameShape } from '../shape.js'
import { activationNamed, knownActivations } from './activation-registry.js'
import { type ActivationFunction, type ActivationName, activationNames } from './activations.js'

/** An activation as a user writes it: by its name, or a function. */
export type ActivationInput =
  | ActivationName
  | keyof Convzoo.ActivationNames
  | (string & Record<never, never>)
  | ActivationFunction

/** JSON holds names alone: those of core, which an editor completes, and any that is registered. */
const schema = { anyOf: [{ enum: activationNames }, { type: 'string', minLength: 1 }] } as const

const isFunction = (value: unknown): value is ActivationFunction => typeof value === 'function'

/** An activation by a name that is known, or a function. */
export const activationKind: Option<ActivationInput, ActivationInput> = written(
  schema,
  required(
    `one of ${quoted(activationNames)}, a name that registerActivation was given, or a function (ops, x) => value`,
    (value) => {
      if (isFunction(value)) return value
      return typeof value === 'string' && activationNamed(value) !== undefined ? value : invalid
    },
    (value) => {
      const near = typeof value === 'string' ? nearestNames(value, knownActivations()) : []
      return near.length === 0 ? undefined : `did you mean ${near.join(' or ')}?`
    },
  ),
)

/** Of all layers that sum: what follows. */
export const activationAfterSum = optional(
  described('what follows the sum: a name or a function (ops, x) => value', activationKind),
  'linear',
)

/**
 * What an activation makes of a value.
 *
 * @throws ConvzooError of kind `shape` if a function gives something else than numbers of the shape of `x`.
 */
export function activate(ops: Ops, x: Value, activation: ActivationInput): Value {
  const call = isFunction(activation) ? activation : activationNamed(activation)
  const y: unknown = call?.(ops, x)
  const value = valueKind.parse(y, 'activation')
  if (value !== invalid && value.dtype === 'float32' && sameShape(value.shape, x.shape)) return value
  throw new ConvzooError({
    kind: 'shape',
    message: `The activation ${describeActivation(activation)} does not keep the shape of what it is given.`,
    expected: `a value ${formatShape(x.shape)} of real numbers`,
    received: value === invalid ? describeValue(y) : `${value.dtype} ${formatShape(value.shape)}`,
  })
}

/** How a plot calls an activation: by its name, or by that of its function. */
export function describeActivation(activation: ActivationInput): string {
  if (typeof activation === 'string') return activation
  return activation.name === '' ? 'function' : activation.name
}
