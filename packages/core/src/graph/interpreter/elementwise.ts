import { type Shape, stridesOf } from '../../shape.js'
import { read, type Tensor } from './tensor.js'

/** For each output element, in order, the index into a value of `shape` that broadcasts to `target`. */
function broadcastIndices(shape: Shape, target: Shape): (index: number) => number {
  const offset = target.length - shape.length
  const own = stridesOf(shape)
  const outer = stridesOf(target)
  const steps = target.map((_, axis) => (axis < offset || shape[axis - offset] === 1 ? 0 : (own[axis - offset] ?? 0)))
  return (index) => {
    let rest = index
    let found = 0
    for (let axis = 0; axis < target.length; axis++) {
      const stride = outer[axis] ?? 1
      found += Math.floor(rest / stride) * (steps[axis] ?? 0)
      rest %= stride
    }
    return found
  }
}

export function map(out: Tensor, inputs: readonly Tensor[], compute: (...values: number[]) => number): void {
  const reads = inputs.map((input) => {
    const indexOf = broadcastIndices(input.shape, out.shape)
    return (index: number) => read(input.data, indexOf(index))
  })
  for (let index = 0; index < out.data.length; index++) out.data[index] = compute(...reads.map((at) => at(index)))
}

/** Numpy's broadcast. */
export function broadcastTo(out: Tensor, x: Tensor): void {
  const indexOf = broadcastIndices(x.shape, out.shape)
  for (let index = 0; index < out.data.length; index++) out.data[index] = read(x.data, indexOf(index))
}

/** Folds `x` over `axes` into `out`, whose elements begin at `start`. */
export function reduce(
  out: Tensor,
  x: Tensor,
  axes: readonly number[],
  start: number,
  fold: (sum: number, value: number) => number,
): void {
  const kept = x.shape.map((length, axis) => (axes.includes(axis) ? 1 : length))
  const place = broadcastIndices(kept, x.shape)
  const sums = new Float64Array(out.data.length).fill(start)
  for (let index = 0; index < x.data.length; index++) {
    const target = place(index)
    sums[target] = fold(read(sums, target), read(x.data, index))
  }
  out.data.set(sums)
}

/** exp(x − max) / Σ, or its logarithm, over the last axis. */
export function softmax(out: Tensor, x: Tensor, logarithm: boolean): void {
  const length = x.shape[x.shape.length - 1] ?? 1
  for (let start = 0; start < x.data.length; start += length) {
    let largest = Number.NEGATIVE_INFINITY
    for (let index = 0; index < length; index++) largest = Math.max(largest, read(x.data, start + index))
    let sum = 0
    for (let index = 0; index < length; index++) sum += Math.exp(read(x.data, start + index) - largest)
    for (let index = 0; index < length; index++) {
      const shifted = read(x.data, start + index) - largest
      out.data[start + index] = logarithm ? shifted - Math.log(sum) : Math.exp(shifted) / sum
    }
  }
}
