/** Eigenvalues of a symmetric matrix, and in the rows of `vectors` an eigenvector of norm 1 of each. */
export interface Eigen {
  readonly values: Float64Array
  readonly vectors: readonly Float64Array[]
}

const dot = (a: Float64Array, b: Float64Array, from: number): number => {
  let sum = 0
  for (let at = from; at < a.length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0)
  return sum
}

/** A Householder reflection 1 − factor · v vᵀ. */
interface Reflection {
  readonly v: Float64Array
  readonly factor: number
}

interface Tridiagonal {
  readonly diagonal: Float64Array
  /** Element k stands beside k and k + 1 of the diagonal. */
  readonly beside: Float64Array
  readonly reflections: readonly Reflection[]
}

/** Householder's reduction. The rows are overwritten. Golub and Van Loan, Matrix Computations, algorithm 8.3.1. */
async function tridiagonal(rows: readonly Float64Array[], breathe: () => Promise<void>): Promise<Tridiagonal> {
  const n = rows.length
  const diagonal = new Float64Array(n)
  const beside = new Float64Array(n)
  const reflections: Reflection[] = []
  for (let k = 0; k < n; k++) {
    await breathe()
    const row = rows[k] ?? new Float64Array()
    diagonal[k] = row[k] ?? 0
    if (k === n - 1) break
    const first = k + 1
    const norm = Math.sqrt(dot(row, row, first))
    const head = row[first] ?? 0
    const alpha = head > 0 ? -norm : norm
    beside[k] = alpha
    if (norm === 0) continue
    const v = row.slice()
    v.fill(0, 0, first)
    v[first] = head - alpha
    const factor = 2 / dot(v, v, first)
    const p = new Float64Array(n)
    for (let i = first; i < n; i++) p[i] = factor * dot(rows[i] ?? row, v, first)
    const half = (factor / 2) * dot(p, v, first)
    for (let i = first; i < n; i++) p[i] = (p[i] ?? 0) - half * (v[i] ?? 0)
    for (let i = first; i < n; i++) {
      const each = rows[i] ?? row
      const [a, b] = [v[i] ?? 0, p[i] ?? 0]
      for (let j = first; j < n; j++) each[j] = (each[j] ?? 0) - a * (p[j] ?? 0) - b * (v[j] ?? 0)
    }
    reflections.push({ v, factor })
  }
  return { diagonal, beside, reflections }
}

/** Rounds of one eigenvalue; two or three are usual. */
const mostRounds = 60

/** The implicit QL algorithm, which turns the rows of `vectors` along. Press et al., Numerical Recipes, §11.3. */
async function diagonalized(
  { diagonal: d, beside: e }: Tridiagonal,
  vectors: readonly Float64Array[],
  breathe: () => Promise<void>,
): Promise<void> {
  const n = d.length
  for (let l = 0; l < n; l++) {
    for (let round = 0; round < mostRounds; round++) {
      await breathe()
      let m = l
      for (; m < n - 1; m++) {
        const size = Math.abs(d[m] ?? 0) + Math.abs(d[m + 1] ?? 0)
        if (Math.abs(e[m] ?? 0) <= Number.EPSILON * size) break
      }
      if (m === l) break
      const step = ((d[l + 1] ?? 0) - (d[l] ?? 0)) / (2 * (e[l] ?? 0))
      const root = Math.hypot(step, 1)
      let g = (d[m] ?? 0) - (d[l] ?? 0) + (e[l] ?? 0) / (step + (step < 0 ? -root : root))
      let [sine, cosine, shift] = [1, 1, 0]
      let i = m - 1
      for (; i >= l; i--) {
        const f = sine * (e[i] ?? 0)
        const b = cosine * (e[i] ?? 0)
        const r = Math.hypot(f, g)
        e[i + 1] = r
        if (r === 0) {
          d[i + 1] = (d[i + 1] ?? 0) - shift
          e[m] = 0
          break
        }
        sine = f / r
        cosine = g / r
        g = (d[i + 1] ?? 0) - shift
        const t = ((d[i] ?? 0) - g) * sine + 2 * cosine * b
        shift = sine * t
        d[i + 1] = g + shift
        g = cosine * t - b
        turn([vectors[i], vectors[i + 1]], cosine, sine)
      }
      if (i >= l) continue
      d[l] = (d[l] ?? 0) - shift
      e[l] = g
      e[m] = 0
    }
  }
}

function turn([one, other]: readonly (Float64Array | undefined)[], cosine: number, sine: number): void {
  if (one === undefined || other === undefined) return
  for (let k = 0; k < one.length; k++) {
    const [a, b] = [one[k] ?? 0, other[k] ?? 0]
    other[k] = sine * a + cosine * b
    one[k] = cosine * a - sine * b
  }
}

/**
 * Eigenvalues and eigenvectors of a symmetric matrix, whose rows are overwritten. Some 10 n³ operations.
 *
 * @param breathe Waited for again and again: lets others go on, or throws to stop.
 */
export async function symmetricEigen(rows: readonly Float64Array[], breathe: () => Promise<void>): Promise<Eigen> {
  const reduced = await tridiagonal(rows, breathe)
  const vectors = rows.map((_, at) => {
    const unit = new Float64Array(rows.length)
    unit[at] = 1
    return unit
  })
  await diagonalized(reduced, vectors, breathe)
  for (const vector of vectors) {
    await breathe()
    for (const { v, factor } of reduced.reflections.toReversed()) {
      const share = factor * dot(v, vector, 0)
      for (let at = 0; at < vector.length; at++) vector[at] = (vector[at] ?? 0) - share * (v[at] ?? 0)
    }
  }
  return { values: reduced.diagonal, vectors }
}
