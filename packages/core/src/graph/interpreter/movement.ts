import { type Pair, stridesOf } from '../../shape.js'
import { read, type Tensor } from './tensor.js'

function eachPosition(shape: readonly number[], visit: (axes: readonly number[], index: number) => void): void {
  const strides = stridesOf(shape)
  const size = shape.reduce((product, length) => product * length, 1)
  for (let index = 0; index < size; index++) {
    visit(
      shape.map((length, axis) => Math.floor(index / (strides[axis] ?? 1)) % length),
      index,
    )
  }
}

function place(from: Tensor, out: Tensor, to: (axes: readonly number[]) => readonly number[]): void {
  const strides = stridesOf(out.shape)
  eachPosition(from.shape, (axes, index) => {
    const target = to(axes).reduce((sum, position, axis) => sum + position * (strides[axis] ?? 0), 0)
    out.data[target] = read(from.data, index)
  })
}

/** Output axis i is input axis `permutation[i]`. */
export function transpose(out: Tensor, x: Tensor, permutation: readonly number[]): void {
  const strides = stridesOf(x.shape)
  eachPosition(out.shape, (axes, index) => {
    out.data[index] = read(
      x.data,
      axes.reduce((sum, position, axis) => sum + position * (strides[permutation[axis] ?? 0] ?? 0), 0),
    )
  })
}

/** Each part behind the one before it, along an axis. */
export function concatenate(out: Tensor, parts: readonly Tensor[], axis: number): void {
  let start = 0
  for (const part of parts) {
    place(part, out, (axes) => axes.map((position, other) => (other === axis ? position + start : position)))
    start += part.shape[axis] ?? 0
  }
}

export function slice(out: Tensor, x: Tensor, start: readonly number[]): void {
  const strides = stridesOf(x.shape)
  eachPosition(out.shape, (axes, index) => {
    out.data[index] = read(
      x.data,
      axes.reduce((sum, position, axis) => sum + (position + (start[axis] ?? 0)) * (strides[axis] ?? 0), 0),
    )
  })
}

/** Zeros around each axis: [before, after]. */
export function pad(out: Tensor, x: Tensor, padding: readonly Pair[]): void {
  place(x, out, (axes) => axes.map((position, axis) => position + (padding[axis]?.[0] ?? 0)))
}
