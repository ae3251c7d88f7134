import { sizeOf } from '@convzoo/core/define'
import type { LocalResponseNormalizationAttributes } from '@convzoo/core/engine'
import { argument, type Kernels, type NodeOf, type Tensor } from './kernels.js'

export function normalization(
  kernels: Kernels,
  { attributes, shape }: NodeOf<'localResponseNormalization'>,
  args: readonly Tensor[],
): Tensor {
  return kernels.reshape(normalized(kernels, images(kernels, argument(args, 0)), attributes), shape)
}

export function normalizationGradient(
  kernels: Kernels,
  { attributes, shape }: NodeOf<'localResponseNormalizationGradient'>,
  args: readonly Tensor[],
): Tensor {
  const [x, dy] = [images(kernels, argument(args, 0)), images(kernels, argument(args, 1))]
  const y = normalized(kernels, x, attributes)
  return kernels.reshape(kernels.run('LRNGrad', { x, y, dy }, named(attributes)), shape)
}

const normalized = (kernels: Kernels, x: Tensor, attributes: LocalResponseNormalizationAttributes): Tensor =>
  kernels.run('LRN', { x }, named(attributes))

/** The attributes as TensorFlow calls them. */
const named = ({ radius, bias, alpha, beta }: LocalResponseNormalizationAttributes) => ({
  depthRadius: radius,
  bias,
  alpha,
  beta,
})

/** TensorFlow normalizes tensors of rank 4; all axes before the last are alike to it. */
function images(kernels: Kernels, x: Tensor): Tensor {
  const channels = x.shape[x.shape.length - 1] ?? 1
  return kernels.reshape(x, [sizeOf(x.shape) / channels, 1, 1, channels])
}
