import { ConvzooError } from '../errors/index.js'
import type { Ops, Value } from '../graph/index.js'
import { defineOptions } from '../options/index.js'
import { formatShape, type Shape } from '../shape.js'
import type { NonEmpty } from './contract.js'
import { defineLayer } from './layer.js'

/** A shape with axes of length 1 before its own, as far as `rank`. */
const widened = (shape: Shape, rank: number): Shape => [...new Array<number>(rank - shape.length).fill(1), ...shape]

function commonShape(layer: string, shapes: NonEmpty<Shape>): Shape {
  const rank = Math.max(...shapes.map(({ length }) => length))
  const all = shapes.map((shape) => widened(shape, rank))
  const common = Array.from({ length: rank }, (_, axis) => Math.max(...all.map((shape) => shape[axis] ?? 1)))
  if (all.every((shape) => shape.every((length, axis) => length === 1 || length === common[axis]))) return common
  throw new ConvzooError({
    kind: 'shape',
    message: `The layer ${layer} was given inputs that cannot be multiplied.`,
    expected: 'equal shapes, but for axes of length 1, which are repeated',
    received: shapes.map((shape) => formatShape(shape, { batch: true })).join(' and '),
  })
}

function widenedValue(ops: Ops, x: Value, rank: number): Value {
  const [samples = 1, ...own] = x.shape
  return ops.reshape(x, [samples, ...widened(own, rank)])
}

/**
 * The product of its inputs, element by element: [(H, W, C), (H, W, C)] → (H, W, C). An axis of length 1 is repeated, and axes that are
 * missing in front are of length 1, as in Keras: so [(H, W, C), (1, 1, C)] and [(H, W, C), (C)] weigh channels.
 *
 * @throws ConvzooError of kind `shape` if the inputs do not fit each other.
 * @example
 * const weights = dense({ units: 64, activation: 'sigmoid' })(globalAveragePooling2d()(x)) // x is (H, W, 64)
 * x = multiply()([x, weights])
 */
export const multiply = defineLayer({
  type: 'multiply',
  keras: 'Multiply',
  inputs: 'many',
  options: defineOptions({}),
  outputShape: (shapes, _options, name) => commonShape(name, shapes),
  call: ({ ops }, inputs) => {
    const rank = Math.max(...inputs.map(({ shape }) => shape.length)) - 1
    const [first, ...rest] = inputs
    return rest.reduce(
      (product, x) => ops.multiply(product, widenedValue(ops, x, rank)),
      widenedValue(ops, first, rank),
    )
  },
})
