import { ConvzooError } from '../errors/index.js'
import { formatShape, type Shape } from '../shape.js'

/**
 * Where `axis`, counted with the batch axis as 0 or from the end, lies in a shape without it. `done` is what cannot be done to the batch
 * axis.
 *
 * @throws ConvzooError of kind `option` that names the layer, for an axis that is not there.
 */
export function placeOf(layer: string, shape: Shape, axis: number, done: string): number {
  const place = axis < 0 ? shape.length + axis : axis - 1
  if (place >= 0 && place < shape.length) return place
  throw new ConvzooError({
    kind: 'option',
    message: `The option "axis" of layer ${layer} names an axis that its inputs do not have.`,
    expected: `1 to ${shape.length}, or −1 to −${shape.length}: the batch axis, 0, cannot be ${done}`,
    received: `axis ${axis} for inputs of shape ${formatShape(shape, { batch: true })}`,
  })
}
