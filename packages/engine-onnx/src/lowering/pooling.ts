import { type PoolAttributes, sizeOf } from '@convzoo/core'
import type { Emitted, Emitter, NodeAt } from './emitter.js'

/** `MaxPool` once for a value and a geometry: [pooled, indices], both channels first. */
function pooled(emitter: Emitter, x: number, { size, strides, padding }: PoolAttributes): [string, string] {
  const key = `${x} pooled ${JSON.stringify({ size, strides, padding })}`
  const values = emitter.once(key, () => {
    const [maxima, indices = ''] = emitter.writer.nodes('MaxPool', [emitter.as(x, 'channelsFirst')], 2, {
      kernel_shape: size,
      strides,
      pads: [padding.top, padding.left, padding.bottom, padding.right],
    })
    emitter.once(`${key} indices`, () => indices)
    return maxima
  })
  return [values, emitter.once(`${key} indices`, () => '')]
}

export function lowerMaxPool(emitter: Emitter, node: NodeAt<'maxPool2d'>): Emitted {
  const [x = 0] = node.inputs
  return { tensor: pooled(emitter, x, node.attributes)[0], layout: 'channelsFirst' }
}

/**
 * Each window's gradient is added where its maximum was. `MaxPool` gives the places, flat over [N, C, H, W], and keeps the first of
 * equals; `ScatterElements` adds up where windows overlap.
 */
export function lowerMaxPoolGradient(emitter: Emitter, node: NodeAt<'maxPool2dGradient'>): Emitted {
  const { writer } = emitter
  const [x = 0, dy = 0] = node.inputs
  const [, places] = pooled(emitter, x, node.attributes)
  const flat = writer.integers([-1])
  const zeros = writer.node('Expand', [writer.floats([0], [1]), writer.integers([sizeOf(node.shape)])])
  const scattered = writer.node(
    'ScatterElements',
    [zeros, writer.node('Reshape', [places, flat]), writer.node('Reshape', [emitter.as(dy, 'channelsFirst'), flat])],
    { axis: 0, reduction: 'add' },
  )
  const shape = emitter.shapeIn(node.shape, 'channelsFirst')
  return { tensor: writer.node('Reshape', [scattered, writer.integers(shape)]), layout: 'channelsFirst' }
}
