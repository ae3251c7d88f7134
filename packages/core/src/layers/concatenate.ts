import { ConvzooError } from '../errors/index.js'
import { axis, defineOptions, optional } from '../options/index.js'
import { formatShape, type Shape } from '../shape.js'
import { placeOf } from './axis.js'
import type { NonEmpty } from './contract.js'
import { defineLayer } from './layer.js'

function joinedShape(layer: string, shapes: NonEmpty<Shape>, given: number): Shape {
  const [first] = shapes
  const place = placeOf(layer, first, given, 'joined')
  const fits = (shape: Shape): boolean =>
    shape.length === first.length && shape.every((length, other) => other === place || length === first[other])
  if (!shapes.every(fits)) {
    throw new ConvzooError({
      kind: 'shape',
      message: `The layer ${layer} was given inputs that cannot be joined.`,
      expected: `shapes that are equal but for axis ${given}`,
      received: shapes.map((shape) => formatShape(shape, { batch: true })).join(' and '),
    })
  }
  return first.map((length, other) =>
    other === place ? shapes.reduce((total, shape) => total + (shape[place] ?? 0), 0) : length,
  )
}

/**
 * Joins its inputs along one axis, by default the last, the channels: [(H, W, C₁), (H, W, C₂)] → (H, W, C₁ + C₂). `axis` counts the
 * batch axis as 0, or from the end, as in Keras.
 *
 * @throws ConvzooError of kind `shape` if the inputs differ on another axis, of kind `option` for an axis that is not there.
 * @example
 * x = concatenate()([left, right])
 */
export const concatenate = defineLayer({
  type: 'concatenate',
  keras: 'Concatenate',
  inputs: 'many',
  options: defineOptions({ axis: optional(axis, -1) }),
  outputShape: (shapes, o, name) => joinedShape(name, shapes, o.axis),
  call: ({ ops }, inputs, _weights, o) => ops.concatenate(inputs, o.axis),
})
