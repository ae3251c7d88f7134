import { ConvzooError } from '../errors/index.js'
import { axis, defineOptions, optional } from '../options/index.js'
import { formatShape, type Shape } from '../shape.js'
import type { NonEmpty } from './contract.js'
import { defineLayer } from './layer.js'

/** Where `axis`, counted with the batch axis, lies in a shape without it. */
function placeOf(layer: string, [first]: NonEmpty<Shape>, given: number): number {
  const place = given < 0 ? first.length + given : given - 1
  if (place >= 0 && place < first.length) return place
  throw new ConvzooError({
    kind: 'option',
    message: `The option "axis" of layer ${layer} names an axis that its inputs do not have.`,
    expected: `1 to ${first.length}, or −1 to −${first.length}: the batch axis, 0, cannot be joined`,
    received: `axis ${given} for inputs of shape ${formatShape(first, { batch: true })}`,
  })
}

function joinedShape(layer: string, shapes: NonEmpty<Shape>, given: number): Shape {
  const place = placeOf(layer, shapes, given)
  const [first] = shapes
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

const concatenateLayer = defineLayer({
  type: 'concatenate',
  keras: 'Concatenate',
  inputs: 'many',
  options: defineOptions({ axis: optional(axis, -1) }),
  outputShape: (shapes, o, name) => joinedShape(name, shapes, o.axis),
  call: ({ ops }, inputs, _weights, o) => ops.concatenate(inputs, o.axis),
})

/**
 * Joins its inputs along one axis, by default the last, the channels: [(H, W, C₁), (H, W, C₂)] → (H, W, C₁ + C₂). `axis` counts the
 * batch axis as 0, or from the end, as in Keras.
 *
 * @throws ConvzooError of kind `shape` if the inputs differ on another axis, of kind `option` for an axis that is not there.
 * @example
 * x = concatenate()([left, right])
 */
export const concatenate = (options: Parameters<typeof concatenateLayer>[0] = {}) => concatenateLayer(options)
