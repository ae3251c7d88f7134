import { concatenate, conv2d, maxPool2d, type SymbolicTensor } from '@convzoo/core'

/** A row of table 1 of the paper: filters of the 1×1 branch, of the reductions before 3×3 and 5×5 and of these, and behind the pooling. */
export interface Branches {
  readonly one: number
  readonly three: readonly [reduction: number, filters: number]
  readonly five: readonly [reduction: number, filters: number]
  readonly pool: number
}

/** A rectified convolution that keeps height and width unless it strides. It starts He-normal, which keeps the scale of what is rectified. */
export const convolution = (filters: number, kernelSize: number, strides = 1) =>
  conv2d({ filters, kernelSize, strides, padding: 'same', activation: 'relu', kernelInitializer: 'heNormal' })

/** Four branches side by side, joined by their channels: (H, W, C) → (H, W, one + three + five + pool). */
export function inception(x: SymbolicTensor, { one, three, five, pool }: Branches): SymbolicTensor {
  return concatenate()([
    convolution(one, 1)(x),
    convolution(three[1], 3)(convolution(three[0], 1)(x)),
    convolution(five[1], 5)(convolution(five[0], 1)(x)),
    convolution(pool, 1)(maxPool2d({ poolSize: 3, strides: 1, padding: 'same' })(x)),
  ])
}
