import { fieldsOf, isFloat32Array, isOptionsObject, isShape, matching, sizeOf } from '@convzoo/core/define'
import type { Activations } from './activations.js'
import type { Projection } from './deconvnet.js'
import type { Filters } from './filters.js'
import type { Maps } from './maps.js'
import type { Figure } from './page.js'
import type { Tiles } from './tiles.js'

/** What the functions that draw take. */

/** Places of a side at most. */
const longest = 100_000

const isSide = (given: unknown): given is number =>
  typeof given === 'number' && Number.isInteger(given) && given >= 1 && given <= longest

export const mapsKind = matching('maps: { height, width, values }, of whole maps', (given): given is Maps => {
  const { height, width, values } = isOptionsObject(given) ? fieldsOf(given) : {}
  return isSide(height) && isSide(width) && isFloat32Array(values) && values.length % (height * width) === 0
})

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

export const tilesKind = matching(
  'pictures: { height, width, values }, red, green and blue of whole pictures',
  (given): given is Tiles => {
    const { height, width, values } = isOptionsObject(given) ? fieldsOf(given) : {}
    return isSide(height) && isSide(width) && isFloat32Array(values) && values.length % (height * width * 3) === 0
  },
)

const isOfShape = (given: unknown): boolean => {
  const { shape, values } = isOptionsObject(given) ? fieldsOf(given) : {}
  return isShape(shape) && isFloat32Array(values) && sizeOf(shape) > 0 && values.length % sizeOf(shape) === 0
}

export const filtersKind = matching('what filters gives', (given): given is Filters => isOfShape(given))

export const activationsKind = matching('what activations gives', (given): given is Activations => isOfShape(given))

export const tilesListKind = matching(
  'a list of pictures, each { height, width, values }',
  (given): given is readonly Tiles[] => Array.isArray(given) && given.every((each) => isTiles(each)),
)

const isTiles = (given: unknown): boolean => tilesKind.parse(given, '') === given

export const projectionsKind = matching(
  'what deconvnet gives',
  (given): given is readonly Projection[] =>
    Array.isArray(given) &&
    given.every((each) => {
      const { values, field } = isOptionsObject(each) ? fieldsOf(each) : {}
      return isFloat32Array(values) && isOptionsObject(field)
    }),
)

export const figuresKind = matching(
  'a list of pictures, each { png, caption }',
  (given): given is readonly Figure[] =>
    Array.isArray(given) &&
    given.every((each) => {
      const { png, caption } = isOptionsObject(each) ? fieldsOf(each) : {}
      return png instanceof Uint8Array && typeof caption === 'string'
    }),
)
