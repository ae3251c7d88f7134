import { sizeOf } from '@convzoo/core/define'
import { axisLength } from '@convzoo/core/engine'
import type { Emitter, NodeAt } from './emitter.js'
import type { Accumulator, KernelGradientProduct } from './gradient-product.js'
import { lowerGroupedKernelGradient } from './grouped-kernel-gradient.js'
import { kernelGradientAsConvolution } from './kernel-gradient-convolution.js'
import { patchesOf } from './patches.js'
import { tilingFor, winogradKernelGradient } from './winograd.js'

/**
 * The gradient of a kernel. On a CPU one matrix product at the end, whose rows are those of [kh, kw, Cin / groups, Cout] as it stands; it
 * accumulates into `into`, if given, which is for CPUs alone.
 */
export function lowerKernelGradient(
  emitter: Emitter,
  node: NodeAt<'conv2dKernelGradient'>,
  into?: Accumulator,
): string {
  const { writer } = emitter
  const [x = 0, dy = 0] = node.inputs
  const scaled = (factor: string): string =>
    into?.scale === undefined ? factor : writer.node('Mul', [factor, into.scale])
  if (emitter.target === 'gpu') return kernelGradientAsConvolution(emitter, node)
  const tiling = tilingFor(emitter.target, 'kernelGradient', node.shape, emitter.node(dy).shape, node.attributes)
  if (tiling === undefined && node.attributes.groups > 1) return lowerGroupedKernelGradient(emitter, node)
  const { left, right, transposed, rows } =
    tiling === undefined
      ? patchesProduct(emitter, node, scaled)
      : winogradKernelGradient(emitter, x, dy, tiling, scaled)
  const accumulated =
    into === undefined
      ? []
      : [writer.node('Reshape', [into.tensor, writer.integers([rows, sizeOf(node.shape) / rows])])]
  const product = writer.node('Gemm', [left, right, ...accumulated], {
    transA: transposed ? 1 : 0,
    ...(into === undefined ? {} : { beta: { float: into.beta } }),
  })
  return writer.node('Reshape', [product, writer.integers(node.shape)])
}

/**
 * Patches of the input, transposed, times the output's gradient. Everything is channels last, so that a patch's channels are copied in
 * one piece.
 */
function patchesProduct(
  emitter: Emitter,
  node: NodeAt<'conv2dKernelGradient'>,
  scaled: (factor: string) => string,
): KernelGradientProduct {
  const [x = 0, dy = 0] = node.inputs
  const { kernelSize } = node.attributes
  return {
    left: patchesOf(emitter, x, kernelSize, node.attributes),
    right: scaled(rowsOf(emitter, dy)),
    transposed: true,
    rows: sizeOf(kernelSize) * axisLength(emitter.node(x).shape, 3),
  }
}

/** [N, oh, ow, C] → [N·oh·ow, C] */
function rowsOf(emitter: Emitter, id: number): string {
  const { writer } = emitter
  return writer.node('Reshape', [emitter.plain(id), writer.integers([-1, axisLength(emitter.node(id).shape, 3)])])
}
