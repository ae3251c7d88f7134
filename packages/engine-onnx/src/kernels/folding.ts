import type { Shape } from '@convzoo/core'
import type { Convolution } from './convolutions.js'

/** `struct Folding` of the source. */
type Folding = readonly number[]

/** A convolution of images whose blocks of pixels have become channels, and how images and kernels are folded for it. */
interface Folded {
  readonly operator: Convolution
  readonly image: { readonly shape: Shape; readonly folding: Folding }
  readonly kernel: { readonly shape: Shape; readonly folding: Folding }
}

/** Products of a folded convolution for each of the other's; those beyond its kernel are with 0. */
const mostWork = 1.5

/** Tensor cores take channels in fours. */
const lanes = 4

/**
 * A convolution with strides, of images with few channels, as one with more of them and without strides: tensor cores have work for many
 * channels, and would multiply mostly zeros for three. With strides s, s × s pixels become one: an image of [N, H, W, C] has
 * [N, H / s, W / s, s · s · C] then, and a kernel of [K, kh, kw, C] has [K, kh / s, kw / s, s · s · C].
 *
 * @returns undefined where that would not help.
 */
export function foldedConvolution(operator: Convolution): Folded | undefined {
  const { layout, strides, before, dilations, groups, gives } = operator
  const [size, other] = strides
  const isPlain = groups === 1 && dilations.every((dilation) => dilation === 1)
  if (operator.kind === 'inputGradient' || layout !== 'channelsLast' || !isPlain) return undefined
  const [samples = 1, height = 1, width = 1, channels = 1] = operator.image
  const [filters = 1, kh = 1, kw = 1] = operator.kind === 'convolution' ? operator.kernel : (gives[0]?.shape ?? [])
  const [, oh = 1, ow = 1] = operator.kind === 'convolution' ? (gives[0]?.shape ?? []) : operator.gradient
  const [rows, columns] = [Math.ceil(kh / size), Math.ceil(kw / size)]
  const work = (rows * columns * size * size) / (kh * kw)
  const all = size * size * channels
  if (size < 2 || size !== other || channels % lanes === 0 || all % lanes !== 0 || work > mostWork) return undefined
  const image: Shape = [samples, oh - 1 + rows, ow - 1 + columns, all]
  const kernel: Shape = [filters, rows, columns, all]
  const geometry = { ...operator, image, strides: [1, 1], before: [0, 0] } as const
  return {
    operator:
      geometry.kind === 'convolution'
        ? { ...geometry, kernel }
        : { ...geometry, gives: geometry.gives.map((each) => ({ ...each, shape: kernel })) },
    image: { shape: image, folding: [height, width, channels, oh - 1 + rows, ow - 1 + columns, size, ...before] },
    kernel: { shape: kernel, folding: [kh, kw, channels, rows, columns, size, 0, 0] },
  }
}
