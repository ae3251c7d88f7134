import type { Emitter, NodeAt } from './emitter.js'

/** Rows of a small factor, such as the gradients of a batch, beside which the other one is a large matrix of weights. */
const fewRows = 32
/** So many times as many rows has that one. */
const muchLarger = 16

/** op(a) · op(b), plus `addend` if there is one. */
export function product(emitter: Emitter, node: NodeAt<'matMul'>, addend?: string): string {
  const [a = 0, b = 0] = node.inputs
  const { transposeA, transposeB } = node.attributes
  if (addend === undefined && transposeB && !transposeA && isSmallBeside(emitter, a, b)) return turned(emitter, a, b)
  const inputs = [emitter.plain(a), emitter.plain(b), ...(addend === undefined ? [] : [addend])]
  return emitter.writer.node('Gemm', inputs, { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 })
}

/**
 * Not in a step of training: it rounds otherwise there, and with that the eighth of ten steps of ZFNet had a loss 2e-5 beside the one in double precision, where
 * a unit passed that should not.
 */
function isSmallBeside(emitter: Emitter, a: number, b: number): boolean {
  const [rows = 0] = emitter.node(a).shape
  const [others = 0] = emitter.node(b).shape
  const isLook = emitter.target === 'cpu' && emitter.graph.assignments.length === 0
  return isLook && rows > 1 && rows <= fewRows && others >= muchLarger * rows
}

/** a · bᵀ as (b · aᵀ)ᵀ: ONNX Runtime reads its left factor as it lies, and copies the right one piece by piece into another order. */
function turned(emitter: Emitter, a: number, b: number): string {
  const { writer } = emitter
  const columns = writer.node('Transpose', [emitter.plain(a)], { perm: [1, 0] })
  return writer.node('Transpose', [writer.node('MatMul', [emitter.plain(b), columns])], { perm: [1, 0] })
}
