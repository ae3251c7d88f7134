import { fillUniform, seedWords, stepKey, streamKey } from '@convzoo/core/engine'

/** Standard normal numbers by Box and Muller's transform: the same ones for the same seed, copy and sample. */
export function fillNoise(
  out: Float32Array,
  { seed, copy, sample }: { seed: number; copy: number; sample: number },
): void {
  const key = stepKey(streamKey(seedWords(seed), 'noise'), copy)
  const uniform = new Float64Array(2 * Math.ceil(out.length / 2))
  fillUniform(key, sample, uniform)
  for (let index = 0; index < out.length; index += 2) {
    // 1 − u is never 0.
    const radius = Math.sqrt(-2 * Math.log(1 - (uniform[index] ?? 0)))
    const angle = 2 * Math.PI * (uniform[index + 1] ?? 0)
    out[index] = radius * Math.cos(angle)
    if (index + 1 < out.length) out[index + 1] = radius * Math.sin(angle)
  }
}
