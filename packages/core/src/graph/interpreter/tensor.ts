import { type Shape, sizeOf } from '../../shape.js'
import type { DType, TensorType } from '../primitives.js'

type Data = Float64Array | Float32Array | Uint8Array | Uint32Array

/** A value with its elements, row-major. Truth values are 0 and 1. */
export interface Tensor extends TensorType {
  readonly data: Data
}

/** What real numbers are computed in: double precision, or rounded to single precision after every primitive. */
export type Precision = 'float64' | 'float32'

export function allocate(shape: Shape, dtype: DType, precision: Precision): Tensor {
  const size = sizeOf(shape)
  switch (dtype) {
    case 'bool':
      return { shape, dtype, data: new Uint8Array(size) }
    case 'uint32':
      return { shape, dtype, data: new Uint32Array(size) }
    case 'float32':
      return { shape, dtype, data: precision === 'float64' ? new Float64Array(size) : new Float32Array(size) }
  }
}

/** Element `index`, which the caller knows to be there. */
export const read = (data: ArrayLike<number>, index: number): number => data[index] ?? Number.NaN

/** Sums are kept in double precision and rounded once. */
export function accumulate(out: Tensor, fill: (sums: Float64Array) => void): void {
  const sums = new Float64Array(out.data.length)
  fill(sums)
  out.data.set(sums)
}
