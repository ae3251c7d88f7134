import { ConvzooError } from '../errors/index.js'
import { defineOptions, described, matching } from '../options/index.js'
import { axisLength, formatShape, type Shape } from '../shape.js'
import { defineLayer } from './layer.js'

const permutation = matching(
  'every axis once, counted from 1, such as [2, 1, 3]',
  (given): given is readonly number[] =>
    Array.isArray(given) && given.length > 0 && given.every((_, place) => given.includes(place + 1)),
)

function permuted(layer: string, x: Shape, order: readonly number[]): Shape {
  if (order.length === x.length) return order.map((axis) => axisLength(x, axis - 1))
  throw new ConvzooError({
    kind: 'shape',
    message: `The layer ${layer} does not name every axis of its input.`,
    expected: `${x.length} axes, for an input of shape ${formatShape(x, { batch: true })}`,
    received: `[${order.join(', ')}]`,
  })
}

/**
 * The axes in another order: axis i of the output is axis `dims[i − 1]` of the input. They are counted with the batch axis as 0, which
 * stays, as in Keras: (H, W, C) → (W, H, C) by [2, 1, 3].
 *
 * @throws ConvzooError of kind `option` for no order, of kind `shape` if the input has another number of axes.
 * @example
 * x = permute({ dims: [2, 1, 3] })(x)
 */
export const permute = defineLayer({
  type: 'permute',
  keras: 'Permute',
  options: defineOptions({ dims: described('the axes of the input in their new order', permutation) }),
  outputShape: ([x], { dims }, name) => permuted(name, x, dims),
  call: ({ ops }, [x], _weights, { dims }) => ops.transpose(x, [0, ...dims]),
})
