import type { LocalResponseNormalizationAttributes } from '../primitives.js'
import { accumulate, read, type Tensor } from './tensor.js'

/** For each element, in order: the sum of `term` over the channels within `radius` of its own. */
function windowSums(x: Tensor, radius: number, term: (index: number) => number): Float64Array {
  const channels = x.shape.at(-1) ?? 1
  return Float64Array.from(x.data, (_, index) => {
    const channel = index % channels
    const first = index - Math.min(channel, radius)
    const last = index + Math.min(channels - 1 - channel, radius)
    let sum = 0
    for (let near = first; near <= last; near++) sum += term(near)
    return sum
  })
}

/** s = bias + alpha · Σ x² over the neighbouring channels. */
function scales(x: Tensor, { radius, bias, alpha }: LocalResponseNormalizationAttributes): Float64Array {
  return windowSums(x, radius, (index) => read(x.data, index) ** 2).map((sum) => bias + alpha * sum)
}

export function localResponseNormalization(
  out: Tensor,
  x: Tensor,
  attributes: LocalResponseNormalizationAttributes,
): void {
  scales(x, attributes).forEach((scale, index) => {
    out.data[index] = read(x.data, index) / scale ** attributes.beta
  })
}

export function localResponseNormalizationGradient(
  out: Tensor,
  x: Tensor,
  dy: Tensor,
  attributes: LocalResponseNormalizationAttributes,
): void {
  const { radius, alpha, beta } = attributes
  const s = scales(x, attributes)
  const throughScales = windowSums(
    x,
    radius,
    (index) => (read(dy.data, index) * read(x.data, index)) / read(s, index) ** (beta + 1),
  )
  accumulate(out, (sums) => {
    for (const [index, scale] of s.entries()) {
      sums[index] =
        read(dy.data, index) / scale ** beta - 2 * alpha * beta * read(x.data, index) * read(throughScales, index)
    }
  })
}
