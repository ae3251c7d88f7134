import type { PrimitiveName } from '@convzoo/core/engine'
import { lowerConvolution, lowerInputGradient } from './convolution.js'
import { elementwise, lowerIsFinite } from './elementwise.js'
import { type Emitted, type Emitter, type Lowerings, last, type NodeAt } from './emitter.js'
import { lowerKernelGradient } from './kernel-gradient.js'
import { movement } from './movement.js'
import { lowerNormalization, lowerNormalizationGradient } from './normalization.js'
import { lowerAveragePool, lowerAveragePoolGradient, lowerMaxPool, lowerMaxPoolGradient } from './pooling.js'
import { product } from './product.js'
import { lowerReduction } from './reductions.js'
import { sources } from './sources.js'

export { isSource } from './sources.js'

const first = (emitter: Emitter, node: NodeAt): string => emitter.plain(emitter.input(node, 0).id)

/** Every primitive, and how it becomes ONNX where it stands alone. */
const lowerings: Lowerings = {
  ...sources,
  ...elementwise,
  ...movement,
  isFinite: lowerIsFinite,
  sum: (emitter, node) => lowerReduction(emitter, node, 'ReduceSum', node.attributes),
  max: (emitter, node) => lowerReduction(emitter, node, 'ReduceMax', node.attributes),
  softmax: (emitter, node) => last(emitter.writer.node('Softmax', [first(emitter, node)], { axis: -1 })),
  logSoftmax: (emitter, node) => last(emitter.writer.node('LogSoftmax', [first(emitter, node)], { axis: -1 })),
  matMul: (emitter, node) => last(product(emitter, node)),
  conv2d: (emitter, node) => lowerConvolution(emitter, node),
  conv2dInputGradient: lowerInputGradient,
  conv2dKernelGradient: (emitter, node) => last(lowerKernelGradient(emitter, node)),
  maxPool2d: lowerMaxPool,
  maxPool2dGradient: lowerMaxPoolGradient,
  averagePool2d: lowerAveragePool,
  averagePool2dGradient: lowerAveragePoolGradient,
  localResponseNormalization: lowerNormalization,
  localResponseNormalizationGradient: lowerNormalizationGradient,
}

/** A node by itself. `primitive` is its own. */
export function lowerNode<P extends PrimitiveName>(emitter: Emitter, primitive: P, node: NodeAt<P>): Emitted {
  return lowerings[primitive](emitter, node)
}
