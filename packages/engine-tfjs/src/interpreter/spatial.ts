import type { Border, Pair } from '@convzoo/core'
import { borderOf, noBorder, type PoolAttributes } from '@convzoo/core/engine'
import type { Kernels, Tensor } from './kernels.js'

type Size4 = readonly [number, number, number, number]

/** Lengths of [N, H, W, C]. */
export function size4({ shape: [n = 1, h = 1, w = 1, c = 1] }: { readonly shape: readonly number[] }): Size4 {
  return [n, h, w, c]
}

type Windows = Pick<PoolAttributes, 'strides' | 'padding'>

const equal = (a: Border, b: Border): boolean =>
  a.top === b.top && a.bottom === b.bottom && a.left === b.left && a.right === b.right

/**
 * TensorFlow knows the paddings VALID and SAME in all kernels, a border given in numbers in few: this says which of the former two a
 * border is, if it is one.
 */
export function namedPadding({ strides, padding }: Windows, image: Pair, size: Pair): 'valid' | 'same' | undefined {
  if (equal(padding, noBorder)) return 'valid'
  return equal(padding, borderOf('same', image, size, strides)) ? 'same' : undefined
}

const around = ({ top, bottom, left, right }: Border): Pair[] => [
  [0, 0],
  [top, bottom],
  [left, right],
  [0, 0],
]

/** Rows and columns around the images of [N, H, W, C]. */
export function padImage(kernels: Kernels, x: Tensor, padding: Border, value = 0): Tensor {
  return equal(padding, noBorder) ? x : kernels.pad(x, around(padding), value)
}

/** Takes the rows and columns around an image away again. */
export function cropImage(kernels: Kernels, x: Tensor, padding: Border, image: Pair): Tensor {
  if (equal(padding, noBorder)) return x
  const [batch, , , channels] = size4(x)
  return kernels.slice(x, [0, padding.top, padding.left, 0], [batch, ...image, channels])
}

/** The image with its border. */
export const paddedSize = ([height, width]: Pair, { top, bottom, left, right }: Border): Pair => [
  height + top + bottom,
  width + left + right,
]
