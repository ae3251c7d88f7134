import { ConvzooError } from './errors/index.js'
import {
  axis as anyAxis,
  boolean,
  bothOf,
  defineOptions,
  integer,
  lengths,
  oneOf,
  optional,
  requireArguments,
} from './options/index.js'
import type { Border, Pair } from './pair.js'

export type { Border, Pair } from './pair.js'

/** Lengths of a tensor's axes, outermost first. Of a symbolic tensor: without the batch axis. */
export type Shape = readonly number[]

/** How a window treats the border: `valid` stays inside, `same` pads so that the output is ⌈input / stride⌉ long. */
export type Padding = 'valid' | 'same'

/** What of an image one output cell is made of: cells `dilations` apart, moving by `strides` from one output cell to the next. */
export interface Window {
  readonly size: Pair
  readonly strides: Pair
  /** 1 by default. */
  readonly dilations?: Pair
  readonly padding: Border
}

export const noBorder: Border = { top: 0, bottom: 0, left: 0, right: 0 }

/** Number of elements; 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  requireArguments('sizeOf', { shape: [lengths, shape] })
  return shape.reduce((product, length) => product * length, 1)
}

/** Whether this is a list of positive whole numbers; a scalar's is empty. */
export function isShape(value: unknown): value is Shape {
  return Array.isArray(value) && value.every((length) => Number.isSafeInteger(length) && length > 0)
}

export function sameShape(a: Shape, b: Shape): boolean {
  requireArguments('sameShape', { a: [lengths, a], b: [lengths, b] })
  return a.length === b.length && a.every((length, axis) => length === b[axis])
}

const formatOptions = defineOptions({ batch: optional(boolean, false) })

/** `(2, 3)`, `(5,)`, `()`: as Python prints a tuple. With `batch`, `(None, 2, 3)`. */
export function formatShape(shape: Shape, options: { readonly batch?: boolean } = {}): string {
  requireArguments('formatShape', { shape: [lengths, shape] })
  const { batch } = formatOptions.parse('formatShape', options)
  const parts = [...(batch ? ['None'] : []), ...shape.map(String)]
  return parts.length === 1 ? `(${parts[0]},)` : `(${parts.join(', ')})`
}

/** The length of axis `axis`; negative counts from the end. Asking for an axis that is not there is an error. */
export function axisLength(shape: Shape, axis: number): number {
  requireArguments('axisLength', { shape: [lengths, shape], axis: [anyAxis, axis] })
  const length = shape[axis < 0 ? shape.length + axis : axis]
  if (length === undefined) {
    throw new ConvzooError({
      kind: 'shape',
      message: `A shape of rank ${shape.length} has no axis ${axis}.`,
      received: formatShape(shape),
    })
  }
  return length
}

/** The reach of a kernel whose taps lie `dilation` apart: k + (k − 1)(d − 1). */
export function dilatedSize(size: number, dilation: number): number {
  requireArguments('dilatedSize', { size: [integer(1), size], dilation: [integer(1), dilation] })
  return size + (size - 1) * (dilation - 1)
}

/** Positions of a window of `size` over `length` cells plus padding: ⌊(length + padding − size) / stride⌋ + 1; 0 if it does not fit. */
export function windowCount(length: number, size: number, stride: number, padding = 0): number {
  requireArguments('windowCount', {
    length: [integer(0), length],
    size: [integer(1), size],
    stride: [integer(1), stride],
    padding: [integer(0), padding],
  })
  const room = length + padding - size
  return room < 0 ? 0 : Math.floor(room / stride) + 1
}

/**
 * Padding before and after one axis. For `same` the total is max((⌈n/s⌉ − 1)·s + k − n, 0) and the odd cell goes after, as in
 * TensorFlow (`tensorflow/core/framework/common_shape_fns.cc`).
 */
export function axisPadding(padding: Padding, length: number, size: number, stride: number): Pair {
  requireArguments('axisPadding', {
    padding: [oneOf('valid', 'same'), padding],
    length: [integer(0), length],
    size: [integer(1), size],
    stride: [integer(1), stride],
  })
  if (padding === 'valid') return [0, 0]
  const total = Math.max((Math.ceil(length / stride) - 1) * stride + size - length, 0)
  const before = Math.floor(total / 2)
  return [before, total - before]
}

/** Padding of both image axes for a window. */
export function borderOf(padding: Padding, image: Pair, size: Pair, strides: Pair): Border {
  requireArguments('borderOf', {
    padding: [oneOf('valid', 'same'), padding],
    image: [bothOf(0), image],
    size: [bothOf(1), size],
    strides: [bothOf(1), strides],
  })
  const [top, bottom] = axisPadding(padding, image[0], size[0], strides[0])
  const [left, right] = axisPadding(padding, image[1], size[1], strides[1])
  return { top, bottom, left, right }
}

/** Numpy's rule: aligned at the last axis, lengths are equal or one of them is 1. */
export function broadcastShapes(a: Shape, b: Shape): Shape {
  requireArguments('broadcastShapes', { a: [lengths, a], b: [lengths, b] })
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1
    const right = b[axis - rank + b.length] ?? 1
    if (left !== right && left !== 1 && right !== 1) {
      throw new ConvzooError({
        kind: 'shape',
        message: 'These shapes cannot be broadcast to one.',
        expected: 'equal lengths, or 1, on every axis, aligned at the last',
        received: `${formatShape(a)} and ${formatShape(b)}`,
      })
    }
    return left === 1 ? right : left
  })
}

/** Row-major strides in elements. */
export function stridesOf(shape: Shape): number[] {
  requireArguments('stridesOf', { shape: [lengths, shape] })
  const strides = new Array<number>(shape.length)
  let step = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step
    step *= shape[axis] ?? 1
  }
  return strides
}
