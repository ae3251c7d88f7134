import { internalError } from '../../errors/index.js'
import type { GraphNode } from '../graph.js'
import type { PrimitiveName } from '../primitives.js'
import type { Tensor } from './tensor.js'

/** What a function is given from outside. */
export interface Outside {
  readonly inputs: Readonly<Record<string, ArrayLike<number>>>
  readonly state: ReadonlyMap<string, ArrayLike<number>>
}

/** A primitive at work. */
export interface Call<P extends PrimitiveName = PrimitiveName> {
  readonly node: GraphNode<P>
  /** Where its value goes; zeros before. */
  readonly out: Tensor
  /** Its inputs. */
  readonly args: readonly Tensor[]
  readonly outside: Outside
}

/** Writes the value of a primitive. */
export type Meaning<P extends PrimitiveName = PrimitiveName> = (call: Call<P>) => void

/** One for each primitive: without it the compiler complains. */
export type Meanings = { readonly [P in PrimitiveName]: Meaning<P> }

/** An input by its place. */
export function argument({ node, args }: Pick<Call, 'node' | 'args'>, index: number): Tensor {
  const found = args[index]
  if (found === undefined) throw internalError(`${node.primitive} lacks its input ${index}.`)
  return found
}
