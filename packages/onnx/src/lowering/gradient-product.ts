/** What a kernel's gradient accumulates into: C of `Gemm`, times `beta`. */
export interface Accumulator {
  readonly tensor: string
  readonly beta: number
  /** A scalar tensor by which the product is multiplied, if it is. */
  readonly scale: string | undefined
}

/** A kernel's gradient as op(left) · right, of `rows` rows. */
export interface KernelGradientProduct {
  readonly left: string
  readonly right: string
  readonly transposed: boolean
  readonly rows: number
}
