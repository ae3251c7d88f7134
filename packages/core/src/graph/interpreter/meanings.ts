import type { GraphNode } from '../graph.js'
import type { PrimitiveName } from '../primitives.js'
import { argument, type Call, type Meanings, type Outside } from './call.js'
import { broadcastTo, reduce, softmax } from './elementwise.js'
import { formulas } from './formulas.js'
import { concatenate, pad, slice, transpose } from './movement.js'
import { localResponseNormalization, localResponseNormalizationGradient } from './normalization.js'
import { averagePool2d, averagePool2dGradient, maxPool2d, maxPool2dGradient } from './pooling.js'
import { sources } from './sources.js'
import { conv2d, conv2dInputGradient, conv2dKernelGradient, matMul } from './spatial.js'
import type { Tensor } from './tensor.js'

const first = (call: Pick<Call, 'node' | 'args'>): Tensor => argument(call, 0)
const second = (call: Pick<Call, 'node' | 'args'>): Tensor => argument(call, 1)

/** What every primitive means. */
const meanings: Meanings = {
  ...sources,
  ...formulas,
  sum: (call) => reduce(call.out, first(call), call.node.attributes.axes, 0, (sum, x) => sum + x),
  max: (call) => reduce(call.out, first(call), call.node.attributes.axes, Number.NEGATIVE_INFINITY, Math.max),
  softmax: (call) => softmax(call.out, first(call), false),
  logSoftmax: (call) => softmax(call.out, first(call), true),
  matMul: (call) => {
    const { transposeA, transposeB } = call.node.attributes
    matMul(call.out, first(call), second(call), transposeA, transposeB)
  },
  conv2d: (call) => conv2d(call.out, first(call), second(call), call.node.attributes),
  conv2dInputGradient: (call) => conv2dInputGradient(call.out, first(call), second(call), call.node.attributes),
  conv2dKernelGradient: (call) => conv2dKernelGradient(call.out, first(call), second(call), call.node.attributes),
  maxPool2d: (call) => maxPool2d(call.out, first(call), call.node.attributes),
  maxPool2dGradient: (call) => maxPool2dGradient(call.out, first(call), second(call), call.node.attributes),
  averagePool2d: (call) => averagePool2d(call.out, first(call), call.node.attributes),
  averagePool2dGradient: (call) => averagePool2dGradient(call.out, first(call), call.node.attributes),
  localResponseNormalization: (call) => localResponseNormalization(call.out, first(call), call.node.attributes),
  localResponseNormalizationGradient: (call) =>
    localResponseNormalizationGradient(call.out, first(call), second(call), call.node.attributes),
  reshape: (call) => call.out.data.set(first(call).data),
  transpose: (call) => transpose(call.out, first(call), call.node.attributes.permutation),
  broadcastTo: (call) => broadcastTo(call.out, first(call)),
  concatenate: (call) => concatenate(call.out, call.args, call.node.attributes.axis),
  slice: (call) => slice(call.out, first(call), call.node.attributes.start),
  pad: (call) => pad(call.out, first(call), call.node.attributes.padding),
}

/** Writes the value of a node into `out`. `primitive` is the node's own. */
export function compute<P extends PrimitiveName>(
  primitive: P,
  node: GraphNode<P>,
  { out, args, outside }: { readonly out: Tensor; readonly args: readonly Tensor[]; readonly outside: Outside },
): void {
  meanings[primitive]({ node, out, args, outside })
}
