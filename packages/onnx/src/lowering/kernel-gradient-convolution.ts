import { axisLength } from '@convzoo/core/engine'
import type { Emitter, NodeAt } from './emitter.js'
import { imageOf, pads } from './image.js'
import { ownKernelGradient } from './own-convolution.js'

/**
 * The gradient of a kernel as a convolution of the input with the output's gradient for a kernel. Samples take the place of channels,
 * channels that of samples, strides that of dilations, and the other way round.
 */
export function kernelGradientAsConvolution(emitter: Emitter, node: NodeAt<'conv2dKernelGradient'>): string {
  const { writer } = emitter
  const [dy = 0] = node.inputs.slice(1)
  const { groups, strides, dilations, padding, kernelSize } = node.attributes
  const own = ownKernelGradient(emitter, node)
  if (own !== undefined) return own
  const gradient = channelsBeforeSamples(emitter, dy)
  const sums = writer.node('Conv', [channelsAsSamples(emitter, node), gradient], {
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

/** [N, H, W, C] → [C, N, H, W] */
function channelsBeforeSamples(emitter: Emitter, id: number): string {
  const { tensor, layout } = emitter.value(id)
  const perm = layout === 'channelsFirst' ? [1, 0, 2, 3] : [3, 0, 1, 2]
  return emitter.writer.node('Transpose', [tensor], { perm })
}

/** [N, H, W, groups · C] → [C, groups · N, H, W] */
function channelsAsSamples(emitter: Emitter, node: NodeAt<'conv2dKernelGradient'>): string {
  const { writer } = emitter
  const [x = 0] = node.inputs
  const { groups } = node.attributes
  const { shape } = emitter.node(x)
  const [samples, own] = [axisLength(shape, 0), axisLength(shape, 3) / groups]
  const [height, width] = imageOf(shape)
  const turned = channelsBeforeSamples(emitter, x)
  if (groups === 1) return turned
  // A group's channels stand one after another; each of them becomes a sample that has the groups, and in them the samples, for channels.
  const grouped =
    own === 1
      ? turned
      : writer.node(
          'Transpose',
          [writer.node('Reshape', [turned, writer.integers([groups, own, samples, height * width])])],
          {
            perm: [1, 0, 2, 3],
          },
        )
  return writer.node('Reshape', [grouped, writer.integers([own, groups * samples, height, width])])
}
