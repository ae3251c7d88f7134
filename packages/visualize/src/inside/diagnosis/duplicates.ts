import type { ModelLayer, NamedTensor } from '@convzoo/core'
import { sizeOf } from '@convzoo/core/define'

/** Two filters of a layer that look for the same. */
export interface DuplicateFilters {
  readonly filters: readonly [number, number]
  /** The cosine of the angle between them: 1 where one is a multiple of the other. */
  readonly similarity: number
}

/** Filters of fewer numbers point the same way by chance. */
const fewestNumbers = 9

/**
 * Pairs of filters that point the same way, of kernels [kh, kw, channels, filters]. Filters of different groups see different channels, and are not
 * compared; neither are those of fewer than nine numbers.
 */
export function duplicateFilters(
  { inputShapes: [input = []] }: Pick<ModelLayer, 'inputShapes'>,
  { shape, data }: Pick<NamedTensor, 'shape' | 'data'>,
  least: number,
): readonly DuplicateFilters[] {
  const filters = shape.at(-1) ?? 1
  const size = sizeOf(shape) / filters
  if (size < fewestNumbers) return []
  const groups = Math.max(1, (input.at(-1) ?? 1) / (shape.at(-2) ?? 1))
  const inGroup = filters / groups
  const directions = Array.from({ length: filters }, (_, filter) => directionOf(data, { filter, filters, size }))
  const found: DuplicateFilters[] = []
  for (const [a, first] of directions.entries()) {
    for (let b = a + 1; b < (Math.floor(a / inGroup) + 1) * inGroup; b++) {
      const second = directions[b]
      if (first === undefined || second === undefined) continue
      let similarity = 0
      for (let index = 0; index < size; index++) similarity += (first[index] ?? 0) * (second[index] ?? 0)
      if (similarity >= least) found.push({ filters: [a, b], similarity })
    }
  }
  return found
}

/** A filter of length 1; undefined for one of zeros. */
function directionOf(
  data: Float32Array,
  { filter, filters, size }: { readonly filter: number; readonly filters: number; readonly size: number },
): Float64Array | undefined {
  const own = Float64Array.from({ length: size }, (_, index) => data[index * filters + filter] ?? 0)
  const length = Math.sqrt(own.reduce((sum, each) => sum + each * each, 0))
  return length > 0 ? own.map((each) => each / length) : undefined
}
