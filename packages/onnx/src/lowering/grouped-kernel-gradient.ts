import type { Shape } from '@convzoo/core'
import { sizeOf } from '@convzoo/core/define'
import { axisLength } from '@convzoo/core/engine'
import type { Emitter, NodeAt } from './emitter.js'
import { kernelGradientAsConvolution } from './kernel-gradient-convolution.js'
import { groupsApart, patchesOf } from './patches.js'

type Gradient = NodeAt<'conv2dKernelGradient'>

/** The gradient of the kernel of a convolution in groups. How many operators it takes does not depend on how many groups there are. */
export function lowerGroupedKernelGradient(emitter: Emitter, node: Gradient): string {
  const [, , own = 1, filters = 1] = node.shape
  if (own > 1) return batchedProduct(emitter, node)
  return filters === node.attributes.groups
    ? productByElement(emitter, node)
    : kernelGradientAsConvolution(emitter, node)
}

/** Several channels a group: patches of each group, transposed, times that group's part of the output's gradient, as one product. */
function batchedProduct(emitter: Emitter, node: Gradient): string {
  const { writer } = emitter
  const [x = 0, dy = 0] = node.inputs
  const { groups, kernelSize } = node.attributes
  const { shape } = emitter.node(dy)
  const filters = axisLength(shape, 3)
  const patches = patchesOf(emitter, x, kernelSize, node.attributes, true)
  const gradient = groupsApart(emitter, emitter.plain(dy), [sizeOf(shape) / filters, groups, filters / groups])
  // ONNX Runtime makes one operator of the two, which does not write the transposed patches.
  const transposed = writer.node('Transpose', [patches], { perm: [0, 2, 1] })
  const product = writer.node('MatMul', [transposed, gradient])
  const joined = writer.node('Transpose', [product], { perm: [1, 0, 2] })
  return writer.node('Reshape', [joined, writer.integers(node.shape)])
}

/**
 * Depthwise, one filter a channel: patches times the output's gradient element by element, summed over all positions. Rows are summed first,
 * so that no sum is long: that keeps more digits, and is faster.
 */
function productByElement(emitter: Emitter, node: Gradient): string {
  const { writer } = emitter
  const [x = 0, dy = 0] = node.inputs
  const { kernelSize } = node.attributes
  const [batch = 1, height = 1, width = 1, channels = 1] = emitter.node(dy).shape
  const taps = sizeOf(kernelSize)
  const shaped = (tensor: string, shape: Shape): string => writer.node('Reshape', [tensor, writer.integers(shape)])
  const product = writer.node('Mul', [
    shaped(patchesOf(emitter, x, kernelSize, node.attributes), [batch * height * width, taps, channels]),
    shaped(emitter.plain(dy), [batch * height * width, 1, channels]),
  ])
  const rows = shaped(product, [batch * height, width, taps * channels])
  const overColumns = writer.node('ReduceSum', [rows, writer.integers([1])], { keepdims: 0 })
  return shaped(writer.node('ReduceSum', [overColumns, writer.integers([0])], { keepdims: 0 }), node.shape)
}
