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

/** Numbers that are kept at most: 128 MB of them. */
const mostKept = 2 ** 25

/**
 * Standard normal numbers, the same ones for the same seed and copy. They are of 2²⁴ pairs, none beyond 4.3: a mean of gradients shows no
 * difference, and they are drawn several times as fast as each could be computed. Those of the first copies are drawn once.
 */
export class Noise {
  readonly #seed: number
  readonly #kept = new Map<number, Float32Array>()

  constructor(seed: number) {
    this.#seed = seed
  }

  /** So many numbers; for each copy always as many. */
  of(copy: number, count: number): Float32Array {
    const kept = this.#kept.get(copy)
    if (kept !== undefined) return kept
    const drawn = this.#drawn(copy, count)
    if ((this.#kept.size + 1) * count <= mostKept) this.#kept.set(copy, drawn)
    return drawn
  }

  #drawn(copy: number, count: number): Float32Array {
    const pairs = Math.ceil(count / 2)
    const uniform = new Float32Array(pairs)
    fillUniform(stepKey(streamKey(seedWords(this.#seed), 'noise'), copy), 0, uniform, 0, pairs)
    const { radii, cosines, sines } = boxMuller()
    const out = new Float32Array(pairs * 2)
    for (const [pair, part] of uniform.entries()) {
      const bits = (part * 2 ** 24) | 0
      const radius = radii[bits >>> 12] ?? 0
      const direction = bits & (levels - 1)
      out[2 * pair] = radius * (cosines[direction] ?? 0)
      out[2 * pair + 1] = radius * (sines[direction] ?? 0)
    }
    return out.subarray(0, count)
  }
}
