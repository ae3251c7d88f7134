import type { Shape } from '../shape.js'
import type { DType, PrimitiveAttributes, PrimitiveName, TensorType } from './primitives.js'

/** One primitive applied: its value's id is its place in {@link Graph.nodes}. Inputs come earlier in that list. */
export type GraphNode<P extends PrimitiveName = PrimitiveName> = {
  [Q in P]: {
    readonly primitive: Q
    readonly attributes: PrimitiveAttributes[Q]
    readonly inputs: readonly number[]
    readonly shape: Shape
    readonly dtype: DType
    /** What it is for: `forward conv2d`, `backward conv2d`, `update conv2d`. */
    readonly scope?: string
  }
}[P]

/** A value of a graph by its node's place, under the name by which callers know it. */
export interface NamedValue {
  readonly name: string
  readonly value: number
}

/** A state tensor that takes a new value when the function ends. */
export interface Assignment {
  readonly state: string
  readonly value: number
}

/**
 * A function as plain data: primitives in an order in which they can be computed. It has no effect but its assignments, which
 * happen together after everything is computed, and only if `guard` (a bool scalar) is true or absent.
 */
export interface Graph {
  readonly name: string
  readonly nodes: readonly GraphNode[]
  readonly inputs: readonly (NamedValue & TensorType)[]
  readonly outputs: readonly NamedValue[]
  readonly assignments: readonly Assignment[]
  readonly guard?: number
}
