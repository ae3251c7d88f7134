/** Beyond it, erf is ±1 in double precision. */
const saturated = 6

/**
 * The error function in double precision, by a series without cancellation:
 * erf(x) = 2 / √π · exp(−x²) · Σ 2ⁿ · x²ⁿ⁺¹ / (1 · 3 · … · (2n + 1)).
 *
 * Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.6.
 */
export function erf(x: number): number {
  if (Number.isNaN(x) || Math.abs(x) > saturated) return Math.sign(x)
  let term = x
  let sum = x
  for (let n = 1; sum + term !== sum; n++) {
    term *= (2 * x * x) / (2 * n + 1)
    sum += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
}
