import { floats, matching, requireArguments } from '../options/index.js'
import { fillUniform } from './stream.js'
import { type Words, wordsKind } from './threefry.js'

const blockLength = 4096

/** Nearer to the mean there are so few numbers that drawing them takes for ever. */
const leastBound = 0.01

const boundKind = matching(
  `a number of at least ${leastBound}`,
  (given): given is number => typeof given === 'number' && given >= leastBound,
)

/**
 * Fills `out` with numbers of a standard normal distribution, in order, from the uniform numbers of a stream: block by block, two of
 * them for two (Box and Muller, 1958). Those beyond `bound` on either side are left out and the next takes their place.
 */
export function fillNormal(key: Words, out: Float32Array | Float64Array, bound = Number.POSITIVE_INFINITY): void {
  requireArguments('fillNormal', { key: [wordsKind, key], out: [floats, out], bound: [boundKind, bound] })
  const uniform = new Float64Array(blockLength)
  let filled = 0
  const keep = (value: number): void => {
    if (filled < out.length && Math.abs(value) <= bound) out[filled++] = value
  }
  for (let block = 0; filled < out.length; block++) {
    fillUniform(key, block, uniform)
    for (let index = 0; index < blockLength; index += 2) {
      // 1 − u lies in (0, 1], whose logarithm is finite.
      const radius = Math.sqrt(-2 * Math.log(1 - (uniform[index] ?? 0)))
      const angle = 2 * Math.PI * (uniform[index + 1] ?? 0)
      keep(radius * Math.cos(angle))
      keep(radius * Math.sin(angle))
    }
  }
}
