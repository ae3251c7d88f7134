import { fieldsOf, integer, isFloat32Array, isOptionsObject, matching, requireArguments } from '@convzoo/core/define'
import { isSide, sizeKind } from './kinds.js'

/** A number for each place of a grid, of each image. */
export interface Maps {
  readonly height: number
  readonly width: number
  /** [N, height, width]. */
  readonly values: Float32Array
}

/** Maps of images' classes. */
export interface ClassMaps extends Maps {
  /** Of each image the place of the class that it is about. */
  readonly classes: readonly number[]
}

export const mapsKind = matching('maps: { height, width, values }, of whole maps', (given): given is Maps => {
  const { height, width, values } = isOptionsObject(given) ? fieldsOf(given) : {}
  return isSide(height) && isSide(width) && isFloat32Array(values) && values.length % (height * width) === 0
})

/**
 * Maps at another size, between whose places it is interpolated in straight lines; corners lie half a cell from the edge, as in TensorFlow and PyTorch
 * (`align_corners=False`).
 */
export function resized(maps: Maps, size: readonly [number, number]): Maps {
  requireArguments('resized', { maps: [mapsKind, maps], size: [sizeKind, size] })
  const { height, width, values } = maps
  const [toHeight, toWidth] = size
  const count = values.length / (height * width)
  const out = new Float32Array(count * toHeight * toWidth)
  const rows = between(height, toHeight)
  const columns = between(width, toWidth)
  for (let map = 0; map < count; map++) {
    const at = (y: number, x: number): number => values[(map * height + y) * width + x] ?? 0
    for (const [y, row] of rows.entries()) {
      for (const [x, column] of columns.entries()) {
        const upper = at(row.low, column.low) * (1 - column.part) + at(row.low, column.high) * column.part
        const lower = at(row.high, column.low) * (1 - column.part) + at(row.high, column.high) * column.part
        out[(map * toHeight + y) * toWidth + x] = upper * (1 - row.part) + lower * row.part
      }
    }
  }
  return { height: toHeight, width: toWidth, values: out }
}

/** Between which places of a row each place of a longer or shorter one lies, and how far from the first of them. */
function between(from: number, to: number) {
  return Array.from({ length: to }, (_, place) => {
    const at = Math.min(from - 1, Math.max(0, ((place + 0.5) * from) / to - 0.5))
    const low = Math.floor(at)
    return { low, high: Math.min(from - 1, low + 1), part: at - low }
  })
}

/** The map of one image. */
export function nthMap(maps: Maps, index: number): Maps {
  requireArguments('nthMap', { maps: [mapsKind, maps], index: [integer(0), index] })
  const { height, width, values } = maps
  return { height, width, values: values.subarray(index * height * width, (index + 1) * height * width) }
}
