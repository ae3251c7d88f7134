import { ConvzooError, type ErrorFields } from '../errors/index.js'
import { type GraphBuilder, receivedValue } from '../graph/builder.js'
import type { Value } from '../graph/value.js'
import { formatShape, type Shape, sameShape } from '../shape.js'

export interface WantedValue {
  readonly builder: GraphBuilder
  /** What its shape has to be. */
  readonly shape: Shape
  /** How many samples stand on the first axis of `shape`, if that is what stands there: it is called `None` in messages then. */
  readonly samples?: number
  /** Who gave it, and what to do. */
  readonly fault: Pick<ErrorFields, 'message' | 'hint'>
}

/**
 * What an author's function gave, if it is real numbers of the wanted shape, made in this trace.
 *
 * @throws ConvzooError of kind `shape` otherwise.
 */
export function requireValue(given: unknown, { builder, shape, samples, fault }: WantedValue): Value {
  if (builder.owns(given) && given.dtype === 'float32' && sameShape(given.shape, shape)) return given
  const shown = (each: Shape): string =>
    samples !== undefined && each[0] === samples ? formatShape(each.slice(1), { batch: true }) : formatShape(each)
  const received = builder.owns(given)
    ? `${given.dtype === 'float32' ? '' : `${given.dtype} `}${shown(given.shape)}`
    : receivedValue(given)
  throw new ConvzooError({ kind: 'shape', ...fault, expected: shown(shape), received })
}

/** What an author's code gives; an error of a primitive that it uses says whose code it was, such as `layer gate_1 (channelGate)`. */
export function tracing<T>(subject: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!ConvzooError.isInstance(error) || error.sentence.includes(subject)) throw error
    const { message, ...fields } = error.toFields()
    throw new ConvzooError({ ...fields, message: `The ${subject} cannot be traced. ${message}`, cause: error })
  }
}
