import { type Model, submodel } from '@convzoo/core'
import { modelOption, requireArguments, text } from '@convzoo/core/define'
import { dilatedSize, type GraphNode } from '@convzoo/core/engine'
import { predictionOf } from './graph/traced-network.js'
import { imageShapeOf } from './network.js'

/** A part of an image: rows from `top` to before `bottom`, columns from `left` to before `right`. */
export interface Box {
  readonly top: number
  readonly left: number
  readonly bottom: number
  readonly right: number
}

/** Finds what part of an image each place of a layer's maps sees. */
export type ReceptiveFields = (y: number, x: number) => Box

/**
 * The receptive fields of a layer: of all that the graph reads, from its windows, strides, dilations and borders. What lies outside of the image is cut
 * off. A unit of a dense layer sees all of it.
 *
 * @throws ConvzooError of kind `option` for a layer that the network does not have.
 * @example
 * const { top, left, bottom, right } = receptiveFields(model, 'conv2d_5')(6, 6)
 */
export function receptiveFields(model: Model, layer: string): ReceptiveFields {
  requireArguments('receptiveFields', { model: [modelOption, model], layer: [text, layer] })
  const [height, width] = imageShapeOf(model)
  const whole = { top: 0, left: 0, bottom: height, right: width }
  const { nodes, outputs, inputs } = predictionOf(submodel(model, layer), 1)
  const [output, images] = [outputs[0]?.value ?? 0, inputs[0]?.value ?? 0]
  return (y, x) => {
    const seen = new Map<number, Box>([[output, { top: y, left: x, bottom: y + 1, right: x + 1 }]])
    for (let id = nodes.length - 1; id >= 0; id--) {
      const [node, box] = [nodes[id], seen.get(id)]
      if (node === undefined || box === undefined) continue
      for (const input of node.inputs) {
        const from = nodes[input]
        if (from === undefined) continue
        const part = read(node, nodes[node.inputs[1] ?? 0], from, box)
        const before = seen.get(input)
        seen.set(input, before === undefined ? part : around(before, part))
      }
    }
    const { top, left, bottom, right } = seen.get(images) ?? whole
    return {
      top: Math.max(0, top),
      left: Math.max(0, left),
      bottom: Math.min(height, bottom),
      right: Math.min(width, right),
    }
  }
}

const everything: Box = {
  top: Number.NEGATIVE_INFINITY,
  left: Number.NEGATIVE_INFINITY,
  bottom: Number.POSITIVE_INFINITY,
  right: Number.POSITIVE_INFINITY,
}

const around = (a: Box, b: Box): Box => ({
  top: Math.min(a.top, b.top),
  left: Math.min(a.left, b.left),
  bottom: Math.max(a.bottom, b.bottom),
  right: Math.max(a.right, b.right),
})

interface Windows {
  readonly size: Pair
  readonly strides: Pair
  readonly dilations: Pair
  readonly padding: { readonly top: number; readonly left: number }
}

type Pair = readonly [number, number]

/** What windows read for a part of what they give. */
function windowed({ top, left, bottom, right }: Box, { size, strides, dilations, padding }: Windows): Box {
  const [rows, columns] = [dilatedSize(size[0], dilations[0]), dilatedSize(size[1], dilations[1])]
  return {
    top: top * strides[0] - padding.top,
    left: left * strides[1] - padding.left,
    bottom: (bottom - 1) * strides[0] - padding.top + rows,
    right: (right - 1) * strides[1] - padding.left + columns,
  }
}

/** What of an input a part of a node's value is computed from; `second` is the node's second input, if it has one. */
function read(node: GraphNode, second: GraphNode | undefined, { shape }: GraphNode, box: Box): Box {
  switch (node.primitive) {
    case 'conv2d': {
      const { strides, padding, dilations } = node.attributes
      const [rows = 1, columns = 1] = second?.shape ?? []
      return windowed(box, { size: [rows, columns], strides, padding, dilations })
    }
    case 'maxPool2d':
    case 'averagePool2d': {
      const { size, strides, padding } = node.attributes
      return windowed(box, { size, strides, padding, dilations: [1, 1] })
    }
    case 'pad': {
      const [, [top = 0] = [], [left = 0] = []] = node.attributes.padding
      return { top: box.top - top, left: box.left - left, bottom: box.bottom - top, right: box.right - left }
    }
    default: {
      const isSame = shape.length === 4 && shape[1] === node.shape[1] && shape[2] === node.shape[2]
      return isSame ? box : everything
    }
  }
}
