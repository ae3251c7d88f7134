import type { Shape } from '@convzoo/core'
import type { GraphNode, PrimitiveName } from '@convzoo/core/engine'
import type { Tensor } from '../interpreter/kernels.js'
import type { RunShader } from './group.js'
import { convolutionProduct } from './kernels/convolution.js'
import type { Finish } from './kernels/finish.js'
import { inputGradientProduct } from './kernels/input-gradient.js'
import { kernelGradientProduct } from './kernels/kernel-gradient.js'
import { matrixProduct } from './kernels/matrix-product.js'
import type { TiledProduct } from './kernels/product.js'
import { sumOfParts } from './kernels/sum-of-parts.js'
import { planOf, tiledProduct } from './kernels/tiled-product.js'

interface Sized {
  readonly shape: Shape
}

/** The primitives that are products of two matrices. */
const productNames = ['matMul', 'conv2d', 'conv2dInputGradient', 'conv2dKernelGradient'] as const
export type ProductName = (typeof productNames)[number]

export const isProduct = (node: GraphNode): node is GraphNode<ProductName> =>
  (productNames as readonly PrimitiveName[]).includes(node.primitive)

export function productOf(node: GraphNode<ProductName>, a: Sized, b: Sized): TiledProduct {
  switch (node.primitive) {
    case 'matMul':
      return matrixProduct(node, a)
    case 'conv2d':
      return convolutionProduct(node, a, b)
    case 'conv2dInputGradient':
      return inputGradientProduct(node, a, b)
    case 'conv2dKernelGradient':
      return kernelGradientProduct(node, a, b)
  }
}

/**
 * A product of its two inputs, and of what `finish` reads besides. Its shaders are written once. A long sum, or one of few tiles, falls into
 * parts, which a second shader adds and finishes.
 */
export function productRunner(
  product: TiledProduct,
  finish?: Finish,
  plan = planOf(product),
): (run: RunShader, args: readonly Tensor[]) => Tensor {
  if (plan.parts === 1) {
    const shader = tiledProduct(product, plan, finish)
    return (run, args) => run(shader, args)
  }
  const [parts, sum] = [tiledProduct(product, plan), sumOfParts(product.shape, plan.parts, finish)]
  return (run, [a, b, ...more]) => {
    if (a === undefined || b === undefined) return run(parts, [])
    return run(sum, [run(parts, [a, b]), ...more])
  }
}
