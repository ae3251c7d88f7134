import { type InitializerInput, initializer } from '../initializers/index.js'
import { defineLayer, input } from '../layers/index.js'
import type { Loss } from '../losses/index.js'
import { functionalModel } from '../model/index.js'
import type { Optimizer } from '../optimizers/index.js'
import { defineOptions } from '../options/index.js'
import { createProgram, type Program, type ProgramOptions } from '../program/index.js'

/** y = x · kernel + bias · 0.5: two weights whose gradients are known without calculation. */
const weighted = defineLayer({
  type: 'weighted',
  keras: 'Weighted',
  options: defineOptions({ start: initializer }),
  outputShape: ([x]) => x,
  weights: ([x], { start }) => ({
    kernel: { shape: x, initializer: start, trainable: true },
    bias: { shape: x, initializer: start, trainable: true },
  }),
  call: ({ ops }, [x], { kernel, bias }) => ops.add(ops.multiply(x, kernel), ops.multiply(bias, 0.5)),
})

/** The output itself: what the weights are multiplied by is their gradient. */
export const sumOfOutput: Loss = {
  name: 'sum',
  losses: ({ ops, output }) => ops.sum(output, { axes: [1] }),
}

/**
 * A training program of one sample whose weights start at 1: the gradient of `weighted/kernel` is the image, that of
 * `weighted/bias` 0.5.
 */
export function knownGradients(
  optimizer: Optimizer,
  {
    features = 1,
    batchSizes = {},
    start = 'ones',
    ...options
  }: Partial<Pick<ProgramOptions, 'average' | 'batchSizes'>> & {
    readonly features?: number
    readonly start?: InitializerInput
  } = {},
): Program {
  const images = input({ shape: [features] })
  const model = functionalModel({ inputs: images, output: weighted({ start })(images) })
  return createProgram({ model, loss: sumOfOutput, optimizer, batchSizes: { train: [1], ...batchSizes }, ...options })
}
