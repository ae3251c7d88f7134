import type { NamedTensor, Shape } from '@convzoo/core'
import { type ByteArithmetic, sizeOf } from '@convzoo/core/define'
import type { ModelWriter } from './model-writer.js'

/** What turns bytes into the input of a network, with the names that its constants have in a model. */
export interface ByteFront {
  readonly arithmetic: ByteArithmetic
  /** The constants, under names that no weight has. */
  readonly tensors: readonly NamedTensor[]
}

/** @param taken Names of weights. */
export function byteFront(arithmetic: ByteArithmetic, taken: ReadonlySet<string>): ByteFront {
  let prefix = 'preprocessing'
  while ([...taken].some((name) => name.startsWith(`${prefix}/`))) prefix += '_'
  return { arithmetic, tensors: arithmetic.tensors.map((each) => ({ ...each, name: `${prefix}/${each.name}` })) }
}

const float32 = 1

/** Writes the operators that make a network's input of bytes [N, H, W, C], and gives its name. */
export function writeByteFront(
  writer: ModelWriter,
  bytes: string,
  [, ...image]: Shape,
  { arithmetic: { whitening }, tensors }: ByteFront,
): string {
  const [scale = '', offset = '', mean = '', matrix = ''] = tensors.map(({ name }) => name)
  const values = writer.node('Cast', [bytes], { to: float32 })
  const seen = writer.node('Add', [writer.node('Mul', [values, scale]), offset])
  if (whitening === undefined) return seen
  const columns = writer.integers([1])
  // A length of 0 is that of the tensor itself: there are as many rows as images.
  const rows = writer.node('Reshape', [seen, writer.integers([0, sizeOf(image)])])
  const centred = writer.node('Sub', [rows, writer.node('ReduceMean', [rows, columns], { keepdims: 1 })])
  const norm = writer.node('ReduceL2', [centred, columns], { keepdims: 1 })
  const isOfColours = writer.node('Greater', [norm, writer.floats([whitening.leastNorm], [])])
  const quotient = writer.node('Div', [writer.floats([whitening.contrast], []), norm])
  const factor = writer.node('Where', [isOfColours, quotient, writer.floats([0], [])])
  const equal = writer.node('Sub', [writer.node('Mul', [centred, factor]), mean])
  return writer.node('Reshape', [writer.node('MatMul', [equal, matrix]), writer.integers([0, ...image])])
}
