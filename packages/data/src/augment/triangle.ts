/** For each output position along a line, the input positions it is made of: `count` of them from `first` on, and their weights. */
export interface LineFilter {
  readonly first: Int32Array
  readonly count: Int32Array
  /** `reach` places for each output position; they sum to 1. */
  readonly weights: Float64Array
  readonly reach: number
}

/** What of a line is the picture, in samples: all of it, or from a fraction of one on. */
export interface Extent {
  readonly start: number
  readonly length: number
}

/**
 * A triangle filter along one axis, for the output positions from `start` to before `end`: output o has its centre at
 * (o + ½)·length/output from the start of what is the picture, in a coordinate in which sample i covers i … i + 1, and the triangle is as wide as the reduction, at least 1
 * to each side. Enlarging, that is linear interpolation with half-pixel centres; shrinking, it smooths. The same as Pillow's
 * `BILINEAR` (`precompute_coeffs` in its Resample.c), and PyTorch's `interpolate(mode='bilinear', antialias=True)`. `roomFor` gives memory for
 * so many weights: what it held may stay in places beyond a position's count.
 */
export function triangleFilter(
  input: number,
  output: number,
  start: number,
  end: number,
  extent: Extent = { start: 0, length: input },
  roomFor: (weights: number) => Float64Array = (weights) => new Float64Array(weights),
): LineFilter {
  const scale = extent.length / output
  const support = Math.max(scale, 1)
  const reach = Math.ceil(support) * 2 + 1
  const filter = {
    first: new Int32Array(end - start),
    count: new Int32Array(end - start),
    weights: roomFor((end - start) * reach),
    reach,
  }
  for (let position = start; position < end; position++) {
    const centre = extent.start + (position + 0.5) * scale
    const first = Math.max(Math.trunc(centre - support + 0.5), 0)
    const count = Math.min(Math.trunc(centre + support + 0.5), input) - first
    const at = (position - start) * reach
    let sum = 0
    for (let tap = 0; tap < count; tap++) {
      const weight = Math.max(1 - Math.abs((tap + first - centre + 0.5) / support), 0)
      filter.weights[at + tap] = weight
      sum += weight
    }
    for (let tap = at; tap < at + count; tap++) filter.weights[tap] = (filter.weights[tap] ?? 0) / sum
    filter.first[position - start] = first
    filter.count[position - start] = count
  }
  return filter
}
