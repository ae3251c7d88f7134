import { fillUniform, seedWords, stepKey, streamKey } from '@convzoo/core/engine'

/** Lengths and directions that a pair of normal numbers can have: together they are the 24 bits of a uniform number. */
const levels = 2 ** 12

let tables: { readonly radii: Float32Array; readonly cosines: Float32Array; readonly sines: Float32Array } | undefined

/** Box and Muller's transform in the middle of each level. */
function boxMuller() {
  const at = (make: (middle: number) => number): Float32Array =>
    Float32Array.from({ length: levels }, (_, level) => make((level + 0.5) / levels))
  tables ??= {
    radii: at((middle) => Math.sqrt(-2 * Math.log(middle))),
    cosines: at((middle) => Math.cos(2 * Math.PI * middle)),
    sines: at((middle) => Math.sin(2 * Math.PI * middle)),
  }
  return tables
}

/** Used again: a new array for each image takes longer than what is drawn into it. */
let scratch = new Float32Array(0)

/**
 * Standard normal numbers, the same ones for the same seed, copy and sample. They are of 2²⁴ pairs, none beyond 4.3: a mean of gradients shows no
 * difference, and they are drawn several times as fast as each could be computed.
 */
export function fillNoise(
  out: Float32Array,
  { seed, copy, sample }: { seed: number; copy: number; sample: number },
): void {
  const key = stepKey(streamKey(seedWords(seed), 'noise'), copy)
  const pairs = Math.ceil(out.length / 2)
  if (scratch.length < pairs) scratch = new Float32Array(pairs)
  const uniform = scratch
  fillUniform(key, sample, uniform, 0, pairs)
  const { radii, cosines, sines } = boxMuller()
  for (let pair = 0, index = 0; pair < pairs; pair++, index += 2) {
    const bits = ((uniform[pair] ?? 0) * 2 ** 24) | 0
    const radius = radii[bits >>> 12] ?? 0
    const direction = bits & (levels - 1)
    out[index] = radius * (cosines[direction] ?? 0)
    if (index + 1 < out.length) out[index + 1] = radius * (sines[direction] ?? 0)
  }
}
