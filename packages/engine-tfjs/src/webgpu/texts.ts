import type { Shape } from '@convzoo/core'
import { sizeOf } from '@convzoo/core/define'
import type { Graph, GraphNode } from '@convzoo/core/engine'
import { expressions } from './expressions.js'

export const isSame = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((length, axis) => length === b[axis])

/** A constant as WGSL writes it, where it can: neither infinite nor so small that it might be rounded away. */
export function literal(node: GraphNode | undefined): string | undefined {
  if (node?.primitive !== 'constant') return undefined
  const value = Math.fround(node.attributes.value)
  if (!Number.isFinite(value) || Object.is(value, -0) || (value !== 0 && Math.abs(value) < 1e-37)) return undefined
  return `f32(${value})`
}

/** Where a value of shape `from` has the element that numpy's broadcast puts at `index` of `shape`. */
export function placeOf(from: Shape, shape: Shape, index = 'index'): string {
  if (isSame(from, shape)) return index
  const axes = from.map((length, axis) => {
    const at = shape.length - from.length + axis
    const [inner, own] = [sizeOf(shape.slice(at + 1)), sizeOf(from.slice(axis + 1))]
    return length === 1 ? undefined : `(${index} / ${inner}) % ${length} * ${own}`
  })
  return axes.filter((axis) => axis !== undefined).join(' + ') || '0'
}

/** The element of an input; true and false are stored as integers. */
export const loaded = (node: GraphNode | undefined, input: string, place: string): string =>
  node?.dtype === 'bool' ? `(${input}[${place}] != 0)` : `${input}[${place}]`

/** How an element is written to the result. */
export const stored = (node: GraphNode | undefined, value: string): string =>
  node?.dtype === 'bool' ? `select(0, 1, ${value})` : value

/**
 * Lines that compute `v<root>`, and what is computed on the way to it, for the element `index` of a shape. Whoever has `given` has its value
 * already.
 */
export function elementLines(
  { nodes }: Graph,
  group: { readonly root: number; readonly inner: readonly number[]; readonly inputs: readonly number[] },
  given?: number,
): string {
  const { root, inner, inputs } = group
  const { shape = [] } = nodes[root] ?? {}
  const loads = inputs.map(
    (id, index) => `let v${id} = ${loaded(nodes[id], `x${index}`, placeOf(nodes[id]?.shape ?? [], shape))};`,
  )
  const named = (id: number): string => literal(nodes[id]) ?? `v${id}`
  const lines = [...inner, root].map((id) => {
    const { primitive = 'add', inputs: read = [] } = nodes[id] ?? {}
    return id === given ? '' : `let v${id} = ${expressions[primitive]?.(...read.map(named))};`
  })
  return [...loads, ...lines].join('\n  ')
}
