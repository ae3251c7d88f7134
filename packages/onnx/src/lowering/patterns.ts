import { sameShape } from '@convzoo/core/define'
import type { PrimitiveName } from '@convzoo/core/engine'
import { lowerConvolution } from './convolution.js'
import { scalarConstant } from './elementwise.js'
import { type Emitted, type Emitter, isPrimitive, last, type NodeAt } from './emitter.js'
import { lowerKernelGradient } from './kernel-gradient.js'
import { ownConvolution } from './own-convolution.js'
import { product } from './product.js'
import { reluGradient } from './relu-gradient.js'

/**
 * Groups of primitives that one ONNX operator computes. A pattern looks at data flow alone: what it swallows has no other reader.
 * It gives `undefined` where it does not apply.
 */
type Pattern = (emitter: Emitter, node: NodeAt) => Emitted | undefined

const swallowed: ReadonlySet<PrimitiveName> = new Set(['conv2d', 'conv2dKernelGradient', 'matMul', 'multiply'])

/** Whether a pattern may swallow a value, if it is used once. */
export function isSwallowed(emitter: Emitter, node: NodeAt): boolean {
  const isBiased = isPrimitive(node, 'add') && isPrimitive(emitter.input(node, 0), 'conv2d')
  return swallowed.has(node.primitive) || (isBiased && emitter.ownOperators)
}

/** What a bias for each column or filter is added to. */
function biased(emitter: Emitter, node: NodeAt): { readonly sum: NodeAt; readonly bias: NodeAt } | undefined {
  if (!isPrimitive(node, 'add')) return undefined
  const sum = emitter.input(node, 0)
  const bias = emitter.input(node, 1)
  const isBias = bias.shape.length === 1 && bias.shape[0] === sum.shape.at(-1)
  return isBias && emitter.usedOnce(sum) && !emitter.has(sum.id) ? { sum, bias } : undefined
}

/** relu(conv2d + bias) → one operator, where a GPU's library has it. */
const activatedConvolution: Pattern = (emitter, node) => {
  if (!isPrimitive(node, 'relu')) return undefined
  const before = emitter.input(node, 0)
  if (!emitter.usedOnce(before) || emitter.has(before.id)) return undefined
  const { sum, bias } = biased(emitter, before) ?? {}
  if (sum === undefined || bias === undefined || !isPrimitive(sum, 'conv2d')) return undefined
  return ownConvolution(emitter, sum, { bias: emitter.plain(bias.id), relu: true })
}

/** conv2d + bias → `Conv` with a bias; matMul + bias → `Gemm` with a bias. */
const sumAndBias: Pattern = (emitter, node) => {
  const { sum, bias } = biased(emitter, node) ?? {}
  if (sum === undefined || bias === undefined) return undefined
  if (isPrimitive(sum, 'conv2d')) return lowerConvolution(emitter, sum, emitter.plain(bias.id))
  if (isPrimitive(sum, 'matMul')) return last(product(emitter, sum, emitter.plain(bias.id)))
  return undefined
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

/** A · B or a kernel's gradient behind a scalar factor, if there is one, and all of it swallowed. */
interface ScaledProduct {
  readonly product: NodeAt<'matMul'> | NodeAt<'conv2dKernelGradient'>
  readonly scale: NodeAt | undefined
}

function scaledProduct(emitter: Emitter, node: NodeAt): ScaledProduct | undefined {
  const free = (each: NodeAt): boolean => emitter.usedOnce(each) && !emitter.has(each.id)
  if (!free(node)) return undefined
  const parts = scaled(emitter, node)
  const product = parts?.value ?? node
  if (!free(product)) return undefined
  if (isPrimitive(product, 'matMul')) return { product, scale: parts?.scalar }
  const isProduct =
    emitter.target === 'cpu' && isPrimitive(product, 'conv2dKernelGradient') && product.attributes.groups === 1
  return isProduct ? { product, scale: parts?.scalar } : undefined
}

/**
 * β·C ± s·(A · B) with a constant β and a scalar s, either of them perhaps 1, as momentum, accumulation and L2 regularisation make it of
 * a weight's gradient → one `Gemm` that accumulates into C, after the small factor B has been scaled by ±s.
 */
const accumulatedProduct: Pattern = (emitter, node) => {
  if (!isPrimitive(node, 'add') && !isPrimitive(node, 'subtract')) return undefined
  const left = emitter.input(node, 0)
  const right = emitter.input(node, 1)
  if (!sameShape(left.shape, node.shape) || !sameShape(right.shape, node.shape)) return undefined
  const behind = scaledProduct(emitter, right)
  if (behind !== undefined) return accumulated(emitter, left, behind, isPrimitive(node, 'subtract'))
  const before = isPrimitive(node, 'add') ? scaledProduct(emitter, left) : undefined
  return before === undefined ? undefined : accumulated(emitter, right, before, false)
}

function accumulated(emitter: Emitter, kept: NodeAt, { product, scale }: ScaledProduct, negative: boolean): Emitted {
  const { writer } = emitter
  const parts = emitter.usedOnce(kept) && !emitter.has(kept.id) ? scaled(emitter, kept) : undefined
  const factor = parts === undefined ? undefined : scalarConstant(parts.scalar)
  const old = parts === undefined || factor === undefined ? kept : parts.value
  const into = {
    tensor: emitter.plain(old.id),
    beta: factor ?? 1,
    scale: negative ? negated(emitter, scale) : scale && emitter.plain(scale.id),
  }
  if (isPrimitive(product, 'conv2dKernelGradient')) return last(lowerKernelGradient(emitter, product, into))
  const [a = 0, b = 0] = product.inputs
  const { transposeA, transposeB } = product.attributes
  const second = into.scale === undefined ? emitter.plain(b) : writer.node('Mul', [emitter.plain(b), into.scale])
  return last(
    writer.node('Gemm', [emitter.plain(a), second, into.tensor], {
      transA: transposeA ? 1 : 0,
      transB: transposeB ? 1 : 0,
      beta: { float: into.beta },
    }),
  )
}

function negated(emitter: Emitter, scale: NodeAt | undefined): string {
  if (scale === undefined) return emitter.writer.floats([-1], [])
  return emitter.once(`${scale.id} negated`, () => emitter.writer.node('Neg', [emitter.plain(scale.id)]))
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
export const patterns: readonly Pattern[] = [
  activatedConvolution,
  sumAndBias,
  accumulatedProduct,
  decayed,
  reluGradient,
]
