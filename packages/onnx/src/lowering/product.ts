import type { Emitter, NodeAt } from './emitter.js'

/** op(a) · op(b), plus `addend` if there is one. */
export function product(emitter: Emitter, node: NodeAt<'matMul'>, addend?: string): string {
  const [a = 0, b = 0] = node.inputs
  const { transposeA, transposeB } = node.attributes
  const inputs = [emitter.plain(a), emitter.plain(b), ...(addend === undefined ? [] : [addend])]
  return emitter.writer.node('Gemm', inputs, { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 })
}
