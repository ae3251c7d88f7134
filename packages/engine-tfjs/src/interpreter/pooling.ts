import type { Pair } from '@convzoo/core'
import { sizeOf } from '@convzoo/core/define'
import { noBorder, type PoolAttributes, poolSize } from '@convzoo/core/engine'
import { argument, type Kernels, type NodeOf, type Tensor } from './kernels.js'
import { cropImage, namedPadding, paddedSize, padImage, size4 } from './spatial.js'

const moves = ({ size, strides }: PoolAttributes, pad: 'valid' | 'same') => ({
  filterSize: size,
  strides,
  pad,
  dimRoundingMode: 'floor',
})

/** A border in numbers is made of −∞, which never wins. */
function bordered(kernels: Kernels, attributes: PoolAttributes, x: Tensor) {
  const [, height, width] = size4(x)
  const image: Pair = [height, width]
  const pad = namedPadding(attributes, image, attributes.size)
  const padding = pad === undefined ? attributes.padding : noBorder
  return {
    image,
    padding,
    input: padImage(kernels, x, padding, Number.NEGATIVE_INFINITY),
    pad: pad ?? 'valid',
  } as const
}

export function maxPool(kernels: Kernels, { attributes }: NodeOf<'maxPool2d'>, args: readonly Tensor[]): Tensor {
  const { input, pad } = bordered(kernels, attributes, argument(args, 0))
  return kernels.run('MaxPool', { x: input }, moves(attributes, pad))
}

export function maxPoolGradient(
  kernels: Kernels,
  { attributes }: NodeOf<'maxPool2dGradient'>,
  args: readonly Tensor[],
): Tensor {
  const { input, padding, pad, image } = bordered(kernels, attributes, argument(args, 0))
  const output = kernels.run('MaxPool', { x: input }, moves(attributes, pad))
  const dx = kernels.run('MaxPoolGrad', { dy: argument(args, 1), input, output }, moves(attributes, pad))
  return cropImage(kernels, dx, padding, image)
}

/**
 * Averages over windows of a bordered image count the border's zeros too. This is what corrects that: the window's size over how many of
 * its cells are real, for each place of a window; undefined where all of them are.
 */
function correction(kernels: Kernels, attributes: PoolAttributes, image: Pair): Tensor | undefined {
  const { size, strides, padding } = attributes
  const [oh, ow] = poolSize(image, attributes)
  const real = (axis: 0 | 1, before: number, index: number): number => {
    const start = index * strides[axis] - before
    return Math.min(start + size[axis], image[axis]) - Math.max(start, 0)
  }
  const factors = Float32Array.from({ length: oh * ow }, (_, index) => {
    const cells = real(0, padding.top, Math.floor(index / ow)) * real(1, padding.left, index % ow)
    return sizeOf(size) / cells
  })
  return factors.every((factor) => factor === 1) ? undefined : kernels.tensor(factors, [1, oh, ow, 1])
}

const corrected = (kernels: Kernels, x: Tensor, factors: Tensor | undefined): Tensor =>
  factors === undefined ? x : kernels.run('Multiply', { a: x, b: factors })

export function averagePool(
  kernels: Kernels,
  { attributes }: NodeOf<'averagePool2d'>,
  args: readonly Tensor[],
): Tensor {
  const x = argument(args, 0)
  const [, height, width] = size4(x)
  const input = padImage(kernels, x, attributes.padding)
  const means = kernels.run('AvgPool', { x: input }, moves(attributes, 'valid'))
  return corrected(kernels, means, correction(kernels, attributes, [height, width]))
}

export function averagePoolGradient(
  kernels: Kernels,
  { attributes, shape }: NodeOf<'averagePool2dGradient'>,
  args: readonly Tensor[],
): Tensor {
  const { imageSize, padding } = attributes
  const [batch, , , channels] = size4({ shape })
  const dy = corrected(kernels, argument(args, 0), correction(kernels, attributes, imageSize))
  // Of the input, the kernel reads the shape alone.
  const input = kernels.broadcast(kernels.filled(0, []), [batch, ...paddedSize(imageSize, padding), channels])
  const dx = kernels.run('AvgPoolGrad', { dy, input }, moves(attributes, 'valid'))
  return cropImage(kernels, dx, padding, imageSize)
}
