import { type GraphNode, internalError, sizeOf } from '@convzoo/core'
import { convolution, inputGradient, kernelGradient } from './convolution.js'
import { elementwiseKernels, isElementwise } from './elementwise.js'
import { argument, type Kernels, type Tensor } from './kernels.js'
import { averagePool, averagePoolGradient, maxPool, maxPoolGradient } from './pooling.js'

/** A primitive on tensors. What comes in from outside (input, state, random, constant) has been dealt with before. */
export function compute(kernels: Kernels, node: GraphNode, args: readonly Tensor[]): Tensor {
  const arg = (index: number): Tensor => argument(args, index)
  if (isElementwise(node.primitive)) {
    const [kernel, ...names] = elementwiseKernels[node.primitive]
    return kernels.run(kernel, Object.fromEntries(names.map((name, index) => [name, arg(index)])))
  }
  switch (node.primitive) {
    case 'select': {
      const [condition, t, e] = [0, 1, 2].map((index) => kernels.broadcast(arg(index), node.shape))
      return kernels.run('Select', { condition: condition ?? arg(0), t: t ?? arg(1), e: e ?? arg(2) })
    }
    case 'sum':
      return reduced(kernels, arg(0), node.attributes.axes, node.shape, 'Sum', 'axis')
    case 'max':
      return reduced(kernels, arg(0), node.attributes.axes, node.shape, 'Max', 'reductionIndices')
    case 'softmax':
      return kernels.run('Softmax', { logits: arg(0) }, { dim: node.shape.length - 1 })
    case 'logSoftmax':
      return logSoftmax(kernels, arg(0))
    case 'matMul':
      return kernels.run('BatchMatMul', { a: arg(0), b: arg(1) }, node.attributes)
    case 'conv2d':
      return convolution(kernels, node, args)
    case 'conv2dInputGradient':
      return inputGradient(kernels, node, args)
    case 'conv2dKernelGradient':
      return kernelGradient(kernels, node, args)
    case 'maxPool2d':
      return maxPool(kernels, node, args)
    case 'maxPool2dGradient':
      return maxPoolGradient(kernels, node, args)
    case 'averagePool2d':
      return averagePool(kernels, node, args)
    case 'averagePool2dGradient':
      return averagePoolGradient(kernels, node, args)
    case 'localResponseNormalization':
      return kernels.reshape(normalized(kernels, images(kernels, arg(0)), node.attributes), node.shape)
    case 'localResponseNormalizationGradient': {
      const [x, dy] = [images(kernels, arg(0)), images(kernels, arg(1))]
      const y = normalized(kernels, x, node.attributes)
      return kernels.reshape(kernels.run('LRNGrad', { x, y, dy }, normalization(node.attributes)), node.shape)
    }
    case 'reshape':
      return kernels.reshape(arg(0), node.shape)
    case 'transpose':
      return kernels.run('Transpose', { x: arg(0) }, { perm: node.attributes.permutation })
    case 'broadcastTo':
      return kernels.broadcast(arg(0), node.shape)
    case 'concatenate':
      return kernels.run('Concat', args, { axis: node.attributes.axis })
    case 'slice':
      return kernels.slice(arg(0), node.attributes.start, node.attributes.size)
    case 'pad':
      return kernels.pad(arg(0), node.attributes.padding)
    default:
      throw internalError(`engine-tfjs does not know the primitive ${node.primitive}.`)
  }
}

/** Reduces `axes`, then gives the result the shape that the primitive has. */
function reduced(
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

/** x − max − log Σ exp(x − max) over the last axis. */
function logSoftmax(kernels: Kernels, x: Tensor): Tensor {
  const last = x.shape.length - 1
  const kept = x.shape.map((length, axis) => (axis === last ? 1 : length))
  const most = reduced(kernels, x, [last], kept, 'Max', 'reductionIndices')
  const shifted = kernels.run('Sub', { a: x, b: most })
  const sum = reduced(kernels, kernels.run('Exp', { x: shifted }), [last], kept, 'Sum', 'axis')
  return kernels.run('Sub', { a: shifted, b: kernels.run('Log', { x: sum }) })
}

interface Normalization {
  readonly radius: number
  readonly bias: number
  readonly alpha: number
  readonly beta: number
}

const normalization = ({ radius, bias, alpha, beta }: Normalization) => ({ depthRadius: radius, bias, alpha, beta })

const normalized = (kernels: Kernels, x: Tensor, attributes: Normalization): Tensor =>
  kernels.run('LRN', { x }, normalization(attributes))

/** TensorFlow normalizes tensors of rank 4; all axes before the last are alike to it. */
function images(kernels: Kernels, x: Tensor): Tensor {
  const channels = x.shape[x.shape.length - 1] ?? 1
  return kernels.reshape(x, [sizeOf(x.shape) / channels, 1, 1, channels])
}
