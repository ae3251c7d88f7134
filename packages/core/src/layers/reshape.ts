import { ConvzooError } from '../errors/index.js'
import { defineOptions, described, matching } from '../options/index.js'
import { formatShape, type Shape, sizeOf } from '../shape.js'
import { defineLayer } from './layer.js'

const targetShape = matching(
  'positive whole numbers, such as [7, 7, 64]; one of them may be −1, for what is left',
  (given): given is Shape =>
    Array.isArray(given) &&
    given.length > 0 &&
    given.every((length) => Number.isSafeInteger(length) && (length > 0 || length === -1)) &&
    given.filter((length) => length === -1).length <= 1,
)

function filledShape(layer: string, x: Shape, target: Shape): Shape {
  const known = target.reduce((product, length) => (length === -1 ? product : product * length), 1)
  const shape = target.map((length) => (length === -1 ? sizeOf(x) / known : length))
  if (sizeOf(x) % known === 0 && sizeOf(shape) === sizeOf(x)) return shape
  throw new ConvzooError({
    kind: 'shape',
    message: `The layer ${layer} cannot give its input the shape that it is told.`,
    expected: `a shape of ${sizeOf(x)} elements, as ${formatShape(x, { batch: true })} has`,
    received: `[${target.join(', ')}]`,
  })
}

/**
 * The same numbers in another shape, row-major; the batch axis stays: (H, W, C) → targetShape. A length of −1 is what is left.
 *
 * @throws ConvzooError of kind `option` for no shape, of kind `shape` if the number of elements would change.
 * @example
 * x = reshape({ targetShape: [1, 1, -1] })(x) // (64) → (1, 1, 64)
 */
export const reshape = defineLayer({
  type: 'reshape',
  keras: 'Reshape',
  options: defineOptions({ targetShape: described('the shape without the batch axis', targetShape) }),
  outputShape: ([x], o, name) => filledShape(name, x, o.targetShape),
  call: ({ ops }, [x], _weights, o) => {
    const [samples = 1, ...own] = x.shape
    return ops.reshape(x, [samples, ...filledShape('reshape', own, o.targetShape)])
  },
})
