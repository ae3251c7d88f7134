import { convolution, inputGradient, kernelGradient } from './convolution.js'
import { elementwise } from './elementwise.js'
import { argument, type Computations, type Computed, type Kernels, type NodeOf, type Tensor } from './kernels.js'
import { normalization, normalizationGradient } from './normalization.js'
import { averagePool, averagePoolGradient, maxPool, maxPoolGradient } from './pooling.js'
import { logSoftmax, reduced, sum } from './reductions.js'

/** Every primitive that is computed, by TensorFlow.js' kernels. */
const computations: Computations = {
  ...elementwise,
  select(kernels, { shape }, args) {
    const whole = (index: number): Tensor => kernels.broadcast(argument(args, index), shape)
    return kernels.run('Select', { condition: whole(0), t: whole(1), e: whole(2) })
  },
  sum,
  max: (kernels, { attributes, shape }, args) =>
    reduced(kernels, argument(args, 0), attributes.axes, shape, 'Max', 'reductionIndices'),
  softmax: (kernels, { shape }, args) =>
    kernels.run('Softmax', { logits: argument(args, 0) }, { dim: shape.length - 1 }),
  logSoftmax: (kernels, _node, args) => logSoftmax(kernels, argument(args, 0)),
  matMul: (kernels, { attributes }, args) =>
    kernels.run('BatchMatMul', { a: argument(args, 0), b: argument(args, 1) }, attributes),
  conv2d: convolution,
  conv2dInputGradient: inputGradient,
  conv2dKernelGradient: kernelGradient,
  maxPool2d: maxPool,
  maxPool2dGradient: maxPoolGradient,
  averagePool2d: averagePool,
  averagePool2dGradient: averagePoolGradient,
  localResponseNormalization: normalization,
  localResponseNormalizationGradient: normalizationGradient,
  reshape: (kernels, { shape }, args) => kernels.reshape(argument(args, 0), shape),
  transpose: (kernels, { attributes }, args) =>
    kernels.run('Transpose', { x: argument(args, 0) }, { perm: attributes.permutation }),
  broadcastTo: (kernels, { shape }, args) => kernels.broadcast(argument(args, 0), shape),
  concatenate: (kernels, { attributes }, args) => kernels.run('Concat', args, { axis: attributes.axis }),
  slice: (kernels, { attributes }, args) => kernels.slice(argument(args, 0), attributes.start, attributes.size),
  pad: (kernels, { attributes }, args) => kernels.pad(argument(args, 0), attributes.padding),
}

/** A primitive on tensors, in the backend's own way where it has one. `primitive` is the node's own. */
export function compute<P extends Computed>(
  kernels: Kernels,
  primitive: P,
  node: NodeOf<P>,
  args: readonly Tensor[],
): Tensor {
  const own: Computations[P] | undefined = kernels.backend.computations[primitive]
  return (own ?? computations[primitive])(kernels, node, args)
}
