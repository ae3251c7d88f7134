import { ConvzooError } from '../errors/index.js'
import { defineOptions } from '../options/index.js'
import { formatShape, type Shape, sameShape } from '../shape.js'
import type { NonEmpty } from './contract.js'
import { defineLayer } from './layer.js'

function commonShape(layer: string, shapes: NonEmpty<Shape>): Shape {
  const [first] = shapes
  if (shapes.every((shape) => sameShape(shape, first))) return first
  throw new ConvzooError({
    kind: 'shape',
    message: `The layer ${layer} was given inputs that cannot be added.`,
    expected: 'equal shapes',
    received: shapes.map((shape) => formatShape(shape, { batch: true })).join(' and '),
    hint: 'bring one of them to the shape of the other, by a convolution with a kernel of 1×1 for instance',
  })
}

/**
 * The sum of its inputs, which have one shape: [(H, W, C), (H, W, C)] → (H, W, C).
 *
 * @throws ConvzooError of kind `shape` if the inputs differ in shape.
 * @example
 * x = add()([x, shortcut])
 */
export const add = defineLayer({
  type: 'add',
  keras: 'Add',
  inputs: 'many',
  options: defineOptions({}),
  outputShape: (shapes, _options, name) => commonShape(name, shapes),
  call: ({ ops }, [first, ...rest]) => rest.reduce((sum, x) => ops.add(sum, x), first),
})
