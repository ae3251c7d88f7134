/** Sizes that predictions are made in are powers of this. */
const ratio = 4

/** What a call costs beside its images, in images: each reads all weights once. */
const callCost = 1

/**
 * The batches in which images are predicted, in their order: their sizes are 1, 4, 16, 64, …, so that however many images come, few
 * sizes are compiled. The last may have room for more images than there are.
 *
 * @param count images
 * @param most images at a time
 */
export function predictionSizes(count: number, most: number): readonly number[] {
  const allowed = allowedSizes(most)
  const largest = allowed[0] ?? 1
  const full = Math.floor(count / largest)
  return [...Array.from({ length: full }, () => largest), ...sizesOfRest(count % largest, allowed)]
}

/** The largest first. */
function allowedSizes(most: number): readonly number[] {
  const sizes = [1]
  for (let size = ratio; size <= most; size *= ratio) sizes.unshift(size)
  return sizes
}

/** Fewer images than the largest size: in one batch that has room for all, or in a full one and what is cheapest then. */
function sizesOfRest(rest: number, [size, ...smaller]: readonly number[]): readonly number[] {
  if (rest === 0 || size === undefined) return []
  if (rest > size) return [size, ...sizesOfRest(rest - size, [size, ...smaller])]
  const parts = sizesOfRest(rest, smaller)
  const cost = (sizes: readonly number[]): number => sizes.reduce((sum, each) => sum + each + callCost, 0)
  return parts.length > 0 && cost(parts) < cost([size]) ? parts : [size]
}
