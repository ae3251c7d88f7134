import type { Value } from './values.js'

/** Equal parts between the smallest value and the largest, as TensorFlow's `tf.summary.histogram` has them. */
const buckets = 30

/** How often values are met, from the smallest to the largest; values that are not finite are left out. */
export function histogram(tag: string, values: Float32Array): Value {
  let [min, max, num, sum, sumSquares] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0]
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    if (value < min) min = value
    if (value > max) max = value
    num++
    sum += value
    sumSquares += value * value
  }
  if (num === 0) [min, max] = [0, 0]
  const count = max > min ? buckets : 1
  const width = (max - min) / count
  const bucket = Array.from({ length: count }, () => 0)
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    const place = width === 0 ? 0 : Math.min(count - 1, Math.floor((value - min) / width))
    bucket[place] = (bucket[place] ?? 0) + 1
  }
  const bucketLimit = bucket.map((_, place) => (place === count - 1 ? max : min + (place + 1) * width))
  return { tag, value: { case: 'histo', value: { min, max, num, sum, sumSquares, bucketLimit, bucket } } }
}
