import { fieldsOf, isFloat32Array, isOptionsObject, isShape, matching, sizeOf } from '@convzoo/core/define'

/** What several functions that draw take. */

/** Places of a side at most. */
const longest = 100_000

export const isSide = (given: unknown): given is number =>
  typeof given === 'number' && Number.isInteger(given) && given >= 1 && given <= longest

export const sizeKind = matching(
  '[height, width] in whole numbers',
  (given): given is readonly [number, number] => Array.isArray(given) && given.length === 2 && given.every(isSide),
)

/** [height, width, channels] of an image. */
export const imageKind = matching(
  '[height, width, channels] in whole numbers',
  (given): given is readonly [number, number, number] =>
    Array.isArray(given) && given.length === 3 && given.every(isSide),
)

export const numbersKind = matching('a Float32Array', isFloat32Array)

/** Whether something has a shape, and numbers of whole tensors of that shape. */
export const isOfShape = (given: unknown): boolean => {
  const { shape, values } = isOptionsObject(given) ? fieldsOf(given) : {}
  return isShape(shape) && isFloat32Array(values) && sizeOf(shape) > 0 && values.length % sizeOf(shape) === 0
}
