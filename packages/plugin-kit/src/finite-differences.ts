import type { Ops, Value } from '@convzoo/core/define'
import { type GraphBuilder, gradients, interpret } from '@convzoo/core/engine'
import { expect } from 'vitest'

/** Numbers by the names of a graph's inputs. */
type Given = Readonly<Record<string, ArrayLike<number>>>

export interface Differentiation {
  readonly builder: GraphBuilder
  readonly ops: Ops
  /** A scalar. */
  readonly target: Value
  /** Inputs of the graph, by name. */
  readonly sources: Readonly<Record<string, Value>>
  readonly given: Given
}

const step = 1e-5
/** Of each tensor, so many elements are moved. */
const moved = 24

/**
 * The gradients of a scalar, as core makes them of the primitives, against central differences in double precision. Gives the names of
 * the sources on which it does not depend.
 */
export function expectGradients({ builder, ops, target, sources, given }: Differentiation): readonly string[] {
  const names = Object.keys(sources)
  const found = gradients(builder, ops, target, Object.values(sources))
  builder.output('target', target)
  found.forEach((gradient, index) => {
    if (gradient !== undefined) builder.output(`gradient of ${names[index]}`, gradient)
  })
  const graph = builder.finish('gradients')
  const evaluate = (inputs: Given) => interpret(graph, { inputs }).outputs
  const exact = evaluate(given)
  const still: string[] = []
  for (const name of names) {
    const start = Float64Array.from(given[name] ?? [])
    const at = (index: number, offset: number): number => {
      const inputs = { ...given, [name]: start.with(index, (start[index] ?? 0) + offset) }
      return evaluate(inputs).target?.data[0] ?? Number.NaN
    }
    const gradient = exact[`gradient of ${name}`]?.data
    const indices = Array.from({ length: Math.min(moved, start.length) }, (_, index) =>
      Math.floor((index * start.length) / Math.min(moved, start.length)),
    )
    const differences = indices.map((index) => (at(index, step) - at(index, -step)) / (2 * step))
    const largest = differences.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    indices.forEach((element, index) => {
      const difference = differences[index] ?? Number.NaN
      const error = Math.abs((gradient?.[element] ?? 0) - difference)
      expect(error, `the gradient of ${name} at ${element}: ${difference} by differences`).toBeLessThanOrEqual(
        1e-5 * largest + 1e-8,
      )
    })
    if (gradient === undefined || gradient.every((value) => value === 0)) still.push(name)
  }
  return still
}
