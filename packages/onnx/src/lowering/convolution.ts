import type { Border, Pair } from '@convzoo/core'
import { axisLength, dilatedSize } from '@convzoo/core/engine'
import type { Emitted, Emitter, NodeAt } from './emitter.js'
import { imageOf, isEven, pads } from './image.js'
import { kernelIn, ownConvolution, ownInputGradient } from './own-convolution.js'
import { tilingFor, winogradConvolution, winogradInputGradient } from './winograd.js'

/** A convolution by minimal filtering where that saves work, else as ONNX's `Conv`, with the bias that follows it, if one does. */
export function lowerConvolution(emitter: Emitter, node: NodeAt<'conv2d'>, bias?: string): Emitted {
  const own = ownConvolution(emitter, node, { bias, relu: false })
  if (own !== undefined) return own
  const [x = 0, kernel = 0] = node.inputs
  const { strides, padding, dilations, groups } = node.attributes
  const purpose = emitter.decides(node.id) ? 'decidingOutput' : 'output'
  const tiling = tilingFor(emitter.target, purpose, emitter.node(kernel).shape, node.shape, node.attributes)
  if (tiling !== undefined) {
    const sum = winogradConvolution(emitter, x, kernel, tiling)
    return { tensor: bias === undefined ? sum : emitter.writer.node('Add', [sum, bias]), layout: 'channelsLast' }
  }
  const tensor = emitter.writer.node(
    'Conv',
    [emitter.as(x, 'channelsFirst'), kernelIn(emitter, kernel, 'channelsFirst'), ...(bias === undefined ? [] : [bias])],
    { strides, dilations, group: groups, pads: pads(padding) },
  )
  return { tensor, layout: 'channelsFirst' }
}

/**
 * The gradient of a convolution's input: on a CPU and for stride 1 a convolution of the output's gradient with the kernel turned by 180°, its
 * channels exchanged within each group; otherwise `ConvTranspose`, which is what a GPU's library calls the gradient.
 */
export function lowerInputGradient(emitter: Emitter, node: NodeAt<'conv2dInputGradient'>): Emitted {
  const own = ownInputGradient(emitter, node)
  if (own !== undefined) return own
  const [dy = 0, kernel = 0] = node.inputs
  const { strides, padding, dilations, groups, imageSize } = node.attributes
  const kernelShape = emitter.node(kernel).shape
  const reach: Pair = [
    dilatedSize(axisLength(kernelShape, 0), dilations[0]),
    dilatedSize(axisLength(kernelShape, 1), dilations[1]),
  ]
  const turned: Border = {
    top: reach[0] - 1 - padding.top,
    bottom: reach[0] - 1 - padding.bottom,
    left: reach[1] - 1 - padding.left,
    right: reach[1] - 1 - padding.right,
  }
  const tiling = tilingFor(emitter.target, 'inputGradient', kernelShape, node.shape, {
    ...node.attributes,
    padding: turned,
  })
  if (tiling !== undefined) {
    return { tensor: winogradInputGradient(emitter, dy, kernel, tiling), layout: 'channelsLast' }
  }
  const simple =
    emitter.target === 'cpu' && strides[0] === 1 && strides[1] === 1 && pads(turned).every((length) => length >= 0)
  const gradient = emitter.as(dy, 'channelsFirst')
  if (simple) {
    const tensor = emitter.writer.node('Conv', [gradient, turnedKernel(emitter, kernel, groups)], {
      strides: [1, 1],
      dilations,
      group: groups,
      pads: pads(turned),
    })
    return { tensor, layout: 'channelsFirst' }
  }
  const [height, width] = imageOf(emitter.node(dy).shape)
  const covered = (length: number, stride: number, size: number): number => (length - 1) * stride + size
  const beyond = [
    imageSize[0] - covered(height, strides[0], reach[0]),
    imageSize[1] - covered(width, strides[1], reach[1]),
  ] as const
  const { top, bottom, left, right } = padding
  const transposed = (added: readonly number[], more: readonly number[]): string =>
    emitter.writer.node('ConvTranspose', [gradient, kernelIn(emitter, kernel, 'channelsFirst')], {
      strides,
      dilations,
      group: groups,
      pads: added,
      output_padding: more,
    })
  if (emitter.target === 'cpu' || isEven(padding)) {
    const tensor = transposed(pads(padding), [beyond[0] + top + bottom, beyond[1] + left + right])
    return { tensor, layout: 'channelsFirst' }
  }
  // A GPU's library takes the same padding on both sides: what it has too much of is cut off.
  const whole = transposed([0, 0, 0, 0], [Math.max(0, beyond[0] + top), Math.max(0, beyond[1] + left)])
  const { writer } = emitter
  const [from, to] = [
    [top, left],
    [top + imageSize[0], left + imageSize[1]],
  ]
  const places = [writer.integers(from), writer.integers(to), writer.integers([2, 3])]
  return { tensor: writer.node('Slice', [whole, ...places]), layout: 'channelsFirst' }
}

/** [kh, kw, Cin / groups, Cout] → [Cin, Cout / groups, kh, kw], turned by 180°. */
function turnedKernel(emitter: Emitter, id: number, groups: number): string {
  return emitter.once(`${id} turned ${groups}`, () => {
    const { writer } = emitter
    const [kh = 1, kw = 1, channels = 1, filters = 1] = emitter.node(id).shape
    const taps = kh * kw
    const own = filters / groups
    const rows = writer.node('Reshape', [emitter.plain(id), writer.integers([taps, channels, groups, own])])
    const backwards = writer.integers(Array.from({ length: taps }, (_, tap) => taps - 1 - tap))
    const reversed = writer.node('Gather', [rows, backwards], { axis: 0 })
    const turned = writer.node('Transpose', [reversed], { perm: [2, 1, 3, 0] })
    return writer.node('Reshape', [turned, writer.integers([groups * channels, own, kh, kw])])
  })
}
