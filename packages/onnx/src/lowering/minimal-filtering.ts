/**
 * Minimal filtering F(m, r) on one axis: m outputs of a filter of r taps by m + r − 1 multiplications instead of m · r:
 *
 *     y = output · ((kernel · g) ⊙ (input · d))
 *
 * with d the m + r − 1 cells that the outputs see. Each of the three is a matrix of constants.
 */
export interface MinimalFiltering {
  /** [m + r − 1, m + r − 1] */
  readonly input: readonly (readonly number[])[]
  /** [m + r − 1, r] */
  readonly kernel: readonly (readonly number[])[]
  /** [m, m + r − 1] */
  readonly output: readonly (readonly number[])[]
}

/**
 * Where the polynomials are evaluated, beside infinity, for 3 points and more: where float32 loses least, by trial. All are sums of few
 * powers of two, so that the matrices are exact.
 */
const places = [
  [0, 1],
  [0, 1, -1],
  [0, 1, -1, 2],
  [0, 0.625, -0.625, 1.5, -1.5],
  [0, 1, -1, 2, -0.5, -2],
]

/** How many points {@link minimalFiltering} can have. */
export const mostPoints = places.length + 2

/**
 * The construction of Toom and Cook: polynomials are multiplied by their values at m + r − 2 places and at infinity.
 *
 * Sources: Winograd, "Arithmetic complexity of computations", SIAM 1980; Lavin and Gray, "Fast algorithms for convolutional neural
 * networks", CVPR 2016.
 */
export function minimalFiltering(outputs: number, taps: number): MinimalFiltering {
  const finite = places[outputs + taps - 4] ?? []
  const others = (index: number): number[] => finite.filter((_, other) => other !== index)
  const padded = (row: readonly number[]): number[] => finite.concat(0).map((_, power) => row[power] ?? 0)
  const powers = (x: number, count: number): number[] => Array.from({ length: count }, (_, power) => x ** power)
  const infinity = (count: number): number[] =>
    Array.from({ length: count }, (_, power) => (power === count - 1 ? 1 : 0))
  const values = [...finite.map((x) => powers(x, outputs)), infinity(outputs)]
  return {
    input: [...finite.map((_, index) => padded(withRoots(others(index)))), withRoots(finite)],
    kernel: [
      ...finite.map((x, index) => {
        const weight = others(index).reduce((product, other) => product * (x - other), 1)
        return powers(x, taps).map((power) => power / weight)
      }),
      infinity(taps),
    ],
    output: Array.from({ length: outputs }, (_, output) => values.map((row) => row[output] ?? 0)),
  }
}

/** Coefficients of the polynomial with these roots, the constant one first. */
function withRoots(roots: readonly number[]): number[] {
  let polynomial = [1]
  for (const root of roots) polynomial = [0, ...polynomial].map((shifted, i) => shifted - root * (polynomial[i] ?? 0))
  return polynomial
}
