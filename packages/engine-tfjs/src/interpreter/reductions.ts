import { argument, type Computation, type Kernels, type Tensor } from './kernels.js'

/** Reduces `axes`, then gives the result the shape that the primitive has. */
export function reduced(
  kernels: Kernels,
  x: Tensor,
  axes: readonly number[],
  shape: readonly number[],
  kernel: string,
  axesName: string,
): Tensor {
  const result = axes.length === 0 ? x : kernels.run(kernel, { x }, { [axesName]: axes, keepDims: false })
  return kernels.reshape(result, shape)
}

export const sum: Computation<'sum'> = (kernels, { attributes, shape }, args) =>
  reduced(kernels, argument(args, 0), attributes.axes, shape, 'Sum', 'axis')

/** x − max − log Σ exp(x − max) over the last axis. */
export function logSoftmax(kernels: Kernels, x: Tensor): Tensor {
  const last = x.shape.length - 1
  const kept = x.shape.map((length, axis) => (axis === last ? 1 : length))
  const most = reduced(kernels, x, [last], kept, 'Max', 'reductionIndices')
  const shifted = kernels.run('Sub', { a: x, b: most })
  const sum = reduced(kernels, kernels.run('Exp', { x: shifted }), [last], kept, 'Sum', 'axis')
  return kernels.run('Sub', { a: shifted, b: kernels.run('Log', { x: sum }) })
}
