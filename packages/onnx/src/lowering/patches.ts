import type { Pair, Shape } from '@convzoo/core'
import { axisLength, type ConvolutionAttributes, convolutionSize } from '@convzoo/core/engine'
import type { Emitter } from './emitter.js'
import { imageOf, pads } from './image.js'

/**
 * [N, H, W, C] → [N·oh·ow, kh·kw·C]: what each position of the kernel sees. Made once for an input and a geometry. If `apart`, each group's
 * channels by themselves: [groups, N·oh·ow, kh·kw·C / groups].
 */
export function patchesOf(
  emitter: Emitter,
  x: number,
  kernelSize: Pair,
  attributes: ConvolutionAttributes,
  apart = false,
): string {
  const { strides, padding, dilations } = attributes
  const parts = apart ? attributes.groups : 1
  const geometry = { kernelSize, strides, padding, dilations, parts }
  return emitter.once(`${x} patches ${JSON.stringify(geometry)}`, () => {
    const { writer } = emitter
    const { shape } = emitter.node(x)
    const [height, width] = imageOf(shape)
    const channels = axisLength(shape, 3)
    const padded: Pair = [height + padding.top + padding.bottom, width + padding.left + padding.right]
    const image = pads(padding).some((length) => length > 0)
      ? writer.node('Pad', [
          emitter.plain(x),
          writer.integers([0, padding.top, padding.left, 0, 0, padding.bottom, padding.right, 0]),
        ])
      : emitter.plain(x)
    const [batch, area, own] = [axisLength(shape, 0), padded[0] * padded[1], channels / parts]
    const cells = writer.node('Reshape', [
      apart ? groupsApart(emitter, image, [batch * area, parts, own]) : image,
      writer.integers([parts * batch, area, own]),
    ])
    const output = convolutionSize([height, width], kernelSize, attributes)
    const seen = writer.integers(patchCells(padded, output, kernelSize, attributes))
    const gathered = writer.node('Gather', [cells, seen], { axis: 1 })
    const patch = kernelSize[0] * kernelSize[1] * own
    return writer.node('Reshape', [gathered, writer.integers(apart ? [parts, -1, patch] : [-1, patch])])
  })
}

/** Rows of channels, split into [rows, groups, channels of a group] → [groups, rows, channels of a group]. */
export function groupsApart({ writer }: Emitter, rows: string, split: Shape): string {
  const grouped = writer.node('Reshape', [rows, writer.integers(split)])
  return writer.node('Transpose', [grouped], { perm: [1, 0, 2] })
}

/** For every output position and every tap of the kernel, the cell of the padded image that it sees. */
function patchCells(
  padded: Pair,
  output: Pair,
  kernelSize: Pair,
  { strides, dilations }: ConvolutionAttributes,
): Int32Array {
  const cells = new Int32Array(output[0] * output[1] * kernelSize[0] * kernelSize[1])
  let next = 0
  for (let i = 0; i < output[0]; i++)
    for (let j = 0; j < output[1]; j++)
      for (let p = 0; p < kernelSize[0]; p++)
        for (let q = 0; q < kernelSize[1]; q++) {
          cells[next++] = (i * strides[0] + p * dilations[0]) * padded[1] + j * strides[1] + q * dilations[1]
        }
  return cells
}
