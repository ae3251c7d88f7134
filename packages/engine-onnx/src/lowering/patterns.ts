import { sameShape } from '@convzoo/core'
import { lowerConvolution, lowerKernelGradient } from './convolution.js'
import { scalarConstant } from './elementwise.js'
import { type Emitted, type Emitter, isPrimitive, type NodeAt } from './emitter.js'

/**
 * Groups of primitives that one ONNX operator computes. A pattern looks at data flow alone: what it swallows has no other reader.
 * It gives `undefined` where it does not apply.
 */
type Pattern = (emitter: Emitter, node: NodeAt) => Emitted | undefined

const last = (tensor: string): Emitted => ({ tensor, layout: 'channelsLast' })

/** conv2d + bias → `Conv` with a bias; matMul + bias → `Gemm` with a bias. */
const sumAndBias: Pattern = (emitter, node) => {
  if (!isPrimitive(node, 'add')) return undefined
  const sum = emitter.input(node, 0)
  const bias = emitter.input(node, 1)
  if (bias.shape.length !== 1 || bias.shape[0] !== sum.shape.at(-1) || !emitter.usedOnce(sum) || emitter.has(sum.id)) {
    return undefined
  }
  if (isPrimitive(sum, 'conv2d')) return lowerConvolution(emitter, sum, emitter.plain(bias.id))
  if (isPrimitive(sum, 'matMul')) return last(product(emitter, sum, emitter.plain(bias.id)))
  return undefined
}

/** op(a) · op(b), plus `addend` if there is one. */
export function product(emitter: Emitter, node: NodeAt<'matMul'>, addend?: string): string {
  const [a = 0, b = 0] = node.inputs
  const { transposeA, transposeB } = node.attributes
  const inputs = [emitter.plain(a), emitter.plain(b), ...(addend === undefined ? [] : [addend])]
  return emitter.writer.node('Gemm', inputs, { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 })
}

/** A product of a scalar value and another value, in either order. */
function scaled(emitter: Emitter, node: NodeAt): { readonly scalar: NodeAt; readonly value: NodeAt } | undefined {
  if (!isPrimitive(node, 'multiply')) return undefined
  const left = emitter.input(node, 0)
  const right = emitter.input(node, 1)
  if (left.shape.length === 0) return { scalar: left, value: right }
  if (right.shape.length === 0) return { scalar: right, value: left }
  return undefined
}

/**
 * β·C − s·(A · B) with a constant β and a scalar s, as momentum makes it of a weight's gradient → one `Gemm` that accumulates into C,
 * after the small factor B has been scaled by −s.
 */
const accumulatedProduct: Pattern = (emitter, node) => {
  if (!isPrimitive(node, 'subtract')) return undefined
  const kept = emitter.input(node, 0)
  const taken = emitter.input(node, 1)
  const old = scaled(emitter, kept)
  const change = scaled(emitter, taken)
  if (old === undefined || change === undefined) return undefined
  const beta = scalarConstant(old.scalar)
  const gradient = change.value
  const swallowed = [kept, taken, gradient]
  if (beta === undefined || !sameShape(old.value.shape, node.shape) || !sameShape(gradient.shape, node.shape))
    return undefined
  if (!swallowed.every((each) => emitter.usedOnce(each) && !emitter.has(each.id))) return undefined
  const { writer } = emitter
  const negated = (): string =>
    emitter.once(`${change.scalar.id} negated`, () => writer.node('Neg', [emitter.plain(change.scalar.id)]))
  if (isPrimitive(gradient, 'matMul')) {
    const [a = 0, b = 0] = gradient.inputs
    const { transposeA, transposeB } = gradient.attributes
    const factor = writer.node('Mul', [emitter.plain(b), negated()])
    return last(
      writer.node('Gemm', [emitter.plain(a), factor, emitter.plain(old.value.id)], {
        transA: transposeA ? 1 : 0,
        transB: transposeB ? 1 : 0,
        beta: { float: beta },
      }),
    )
  }
  if (isPrimitive(gradient, 'conv2dKernelGradient') && gradient.attributes.groups === 1) {
    return last(lowerKernelGradient(emitter, gradient, { tensor: emitter.plain(old.value.id), beta, scale: negated() }))
  }
  return undefined
}

/** w − s·w, as decoupled decay makes it → (1 − s)·w: one pass instead of two. */
const decayed: Pattern = (emitter, node) => {
  if (!isPrimitive(node, 'subtract')) return undefined
  const weight = emitter.input(node, 0)
  const lost = emitter.input(node, 1)
  const part = scaled(emitter, lost)
  if (part === undefined || part.value.id !== weight.id || !emitter.usedOnce(lost)) return undefined
  const { writer } = emitter
  const kept = emitter.once(`${part.scalar.id} kept`, () =>
    writer.node('Sub', [writer.floats([1], []), emitter.plain(part.scalar.id)]),
  )
  const { tensor, layout } = emitter.value(weight.id)
  return { tensor: writer.node('Mul', [tensor, kept]), layout }
}

/** In the order in which they are tried. */
export const patterns: readonly Pattern[] = [sumAndBias, accumulatedProduct, decayed]
