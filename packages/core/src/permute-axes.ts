import { lengths, matching, requireArguments } from './options/index.js'
import { isFloat32Array } from './recognise/index.js'
import { type Shape, sizeOf } from './shape.js'

/**
 * The elements of a tensor, row-major by its axes in another order.
 *
 * @param shape Of the tensor as it is.
 * @param axes Every axis once, counted from 0: axis i of the result is axis `axes[i]`.
 * @throws ConvzooError of kind `option` if the data has another number of elements, or these are not its axes.
 * @example
 * permuteAxes(kernel, [3, 3, 64, 128], [3, 2, 0, 1]) // [128, 64, 3, 3], as PyTorch and ONNX have it
 */
export function permuteAxes(data: Float32Array, shape: Shape, axes: readonly number[]): Float32Array<ArrayBuffer> {
  requireArguments('permuteAxes', { shape: [lengths, shape] })
  requireArguments('permuteAxes', { data: [elements(sizeOf(shape)), data], axes: [order(shape.length), axes] })
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)))
  const sizes = axes.map((axis) => shape[axis] ?? 0)
  const steps = axes.map((axis) => strides[axis] ?? 0)
  const result = new Float32Array(data.length)
  const place = sizes.map(() => 0)
  let from = 0
  for (let index = 0; index < result.length; index++) {
    result[index] = data[from] ?? 0
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      const next = (place[axis] ?? 0) + 1
      from += steps[axis] ?? 0
      if (next < (sizes[axis] ?? 0)) {
        place[axis] = next
        break
      }
      place[axis] = 0
      from -= next * (steps[axis] ?? 0)
    }
  }
  return result
}

const elements = (count: number) =>
  matching(
    `a Float32Array of ${count} elements`,
    (given): given is Float32Array => isFloat32Array(given) && given.length === count,
  )

const order = (rank: number) =>
  matching(
    `each of ${rank} axes once, from 0`,
    (given): given is readonly number[] =>
      Array.isArray(given) &&
      given.length === rank &&
      Array.from({ length: rank }, (_, axis) => axis).every((axis) => given.includes(axis)),
  )
