import type { PeerTensor } from '@convzoo/core'
import { sizeOf } from '@convzoo/core/define'

/** A way from the layout of another library to ours, and back. */
export interface Layout {
  /** As the other library has it. */
  readonly theirs: readonly number[]
  /** The same elements before flattened features are one axis. */
  readonly seen: readonly number[]
  /** The order of those axes in ours. */
  readonly axes: readonly number[]
}

/** The layout of a tensor of another library; undefined where it cannot be seen as its description has it. */
export function layoutOf({ flattened, axes }: PeerTensor, theirs: readonly number[]): Layout | undefined {
  const [rows = 0, columns, ...more] = theirs
  const isMatrix = more.length === 0 && columns !== undefined
  if (flattened !== undefined && !(isMatrix && sizeOf(flattened) === columns)) return undefined
  const seen = flattened === undefined ? theirs : [rows, ...flattened]
  const order = axes ?? seen.map((_, axis) => axis)
  return order.length === seen.length ? { theirs, seen, axes: order } : undefined
}

/** The layout that a weight of ours has in another library. */
export function layoutOfWeight(tensor: PeerTensor, ours: readonly number[]): Layout | undefined {
  const { flattened, axes } = tensor
  if (flattened !== undefined) return layoutOf(tensor, [ours.at(-1) ?? 0, sizeOf(flattened)])
  return layoutOf(tensor, axes === undefined ? ours : inverse(axes).map((axis) => ours[axis] ?? 0))
}

/** The shape of what comes of it in ours, before flattened features are one axis. */
export const shapeInOurs = ({ seen, axes }: Layout): readonly number[] => axes.map((axis) => seen[axis] ?? 0)

/** Which axis of ours is the first, second and so on of theirs. */
export const inverse = (axes: readonly number[]): readonly number[] => axes.map((_, axis) => axes.indexOf(axis))
