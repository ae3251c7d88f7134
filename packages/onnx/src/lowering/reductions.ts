import type { Shape } from '@convzoo/core'
import { sizeOf } from '@convzoo/core/define'
import type { PrimitiveAttributes } from '@convzoo/core/engine'
import type { Emitted, Emitter, NodeAt } from './emitter.js'
import type { Layout } from './layout.js'

/** Axes of an image, by their place in [N, C, H, W]. */
const placeInChannelsFirst = [0, 2, 3, 1]

/** Above this many elements a sum over everything is made in two steps, so that threads can share it. */
const largeSum = 65_536

export function lowerReduction(
  emitter: Emitter,
  node: NodeAt,
  operator: 'ReduceSum' | 'ReduceMax',
  { axes, keepDimensions }: PrimitiveAttributes['sum'],
): Emitted {
  const { writer } = emitter
  const [id = 0] = node.inputs
  const { shape } = emitter.node(id)
  const { tensor, layout } = emitter.value(id)
  if (axes.length === 0) return { tensor, layout }
  if (axes.length === shape.length && !keepDimensions && sizeOf(shape) > largeSum) {
    return { tensor: sumOfEverything(emitter, tensor, shape, operator), layout: 'channelsLast' }
  }
  const sums = operator === 'ReduceSum' ? ownSums(emitter, node, axes) : undefined
  if (sums !== undefined) return sums
  const own = layout === 'channelsFirst' ? axes.map((axis) => placeInChannelsFirst[axis] ?? axis) : axes
  const reduced = writer.node(operator, [tensor, writer.integers(own)], { keepdims: keepDimensions ? 1 : 0 })
  return settle(emitter, reduced, node, layout, axes, keepDimensions)
}

/**
 * Sums over all axes but the last, as a bias' gradient is, by an operator of its own: a GPU's library has one thread block sum a million
 * numbers.
 */
function ownSums(emitter: Emitter, node: NodeAt, axes: readonly number[]): Emitted | undefined {
  const [id = 0] = node.inputs
  const { shape, dtype } = emitter.node(id)
  const [outer, kept] = [sizeOf(shape.slice(0, -1)), shape.at(-1) ?? 1]
  const isAllBut = axes.length === shape.length - 1 && !axes.includes(shape.length - 1)
  if (!emitter.ownOperators || !isAllBut || outer === 1 || dtype !== 'float32') return undefined
  const { tensor, layout } = emitter.value(id)
  const samples = shape[0] ?? 1
  const lengths =
    layout === 'channelsLast' ? { outer, kept, inner: 1 } : { outer: samples, kept, inner: outer / samples }
  const [sums] = emitter.own([tensor], { kind: 'sums', ...lengths, gives: [{ shape: node.shape, dtype }] })
  return { tensor: sums, layout: 'channelsLast' }
}

/** What is left of an image in channels-first order: order matters only if the channels and another axis stayed. */
function settle(
  emitter: Emitter,
  reduced: string,
  node: NodeAt,
  layout: Layout,
  axes: readonly number[],
  keepDimensions: boolean,
): Emitted {
  if (layout === 'channelsLast' || keepDimensions) return { tensor: reduced, layout }
  const kept = [0, 1, 2, 3].filter((axis) => !axes.includes(axis))
  const present = [0, 3, 1, 2].filter((axis) => kept.includes(axis))
  const perm = kept.map((axis) => present.indexOf(axis))
  const inOrder = perm.every((place, index) => place === index)
  if (inOrder || node.shape.length < 2) return { tensor: reduced, layout: 'channelsLast' }
  return { tensor: emitter.writer.node('Transpose', [reduced], { perm }), layout: 'channelsLast' }
}

function sumOfEverything(emitter: Emitter, tensor: string, shape: Shape, operator: string): string {
  const { writer } = emitter
  const size = sizeOf(shape)
  let rows = 1
  while (size % (rows * 2) === 0 && rows < 1024) rows *= 2
  const matrix = writer.node('Reshape', [tensor, writer.integers([rows, size / rows])])
  const sums = writer.node(operator, [matrix, writer.integers([1])], { keepdims: 0 })
  return writer.node(operator, [sums, writer.integers([0])], { keepdims: 0 })
}
