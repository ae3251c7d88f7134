import type { Shape } from '@convzoo/core'
import { sizeOf } from '@convzoo/core/define'
import { axisLength } from '@convzoo/core/engine'
import type { Emitter, NodeAt } from './emitter.js'
import { imageOf, pads } from './image.js'
import { groupsApart, patchesOf } from './patches.js'

type Gradient = NodeAt<'conv2dKernelGradient'>

/** The gradient of the kernel of a convolution in groups. How many operators it takes does not depend on how many groups there are. */
export function lowerGroupedKernelGradient(emitter: Emitter, node: Gradient): string {
  const [, , own = 1, filters = 1] = node.shape
  if (own > 1) return batchedProduct(emitter, node)
  return filters === node.attributes.groups ? productByElement(emitter, node) : convolutionOverSamples(emitter, node)
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

/**
 * Depthwise, several filters a channel: a convolution of the input with the output's gradient as its kernel. Samples take the place of
 * channels, strides that of dilations, and the other way round.
 */
function convolutionOverSamples(emitter: Emitter, node: Gradient): string {
  const { writer } = emitter
  const [x = 0, dy = 0] = node.inputs
  const { groups, strides, dilations, padding, kernelSize } = node.attributes
  const { shape } = emitter.node(x)
  const samples = axisLength(shape, 0)
  const bySample = (id: number): string => writer.node('Transpose', [emitter.plain(id)], { perm: [3, 0, 1, 2] })
  const images = writer.node('Reshape', [bySample(x), writer.integers([1, groups * samples, ...imageOf(shape)])])
  const sums = writer.node('Conv', [images, bySample(dy)], {
    strides: dilations,
    dilations: strides,
    group: groups,
    pads: pads(padding),
  })
  // Cells that no window reached leave sums beyond those of the kernel's taps.
  const taps = writer.node('Slice', [
    sums,
    writer.integers([0, 0]),
    writer.integers(kernelSize),
    writer.integers([2, 3]),
  ])
  return writer.node('Transpose', [taps], { perm: [2, 3, 0, 1] })
}
