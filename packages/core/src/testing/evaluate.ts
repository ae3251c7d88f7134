import { type DType, type Graph, GraphBuilder, type Ops, opsFor, type Value } from '../graph/index.js'
import { interpret } from '../graph/interpreter/interpreter.js'
import type { Precision, Tensor } from '../graph/interpreter/tensor.js'
import { fillUniform, seedWords, streamKey } from '../random/index.js'
import type { Shape } from '../shape.js'

/** A value that a traced function is given. */
export interface Given {
  readonly shape: Shape
  readonly data: ArrayLike<number>
  readonly dtype?: DType
}

export const given = (shape: Shape, data: ArrayLike<number>, dtype: DType = 'float32'): Given => ({
  shape,
  data,
  dtype,
})

type Build = (ops: Ops, values: readonly Value[], builder: GraphBuilder) => Value | readonly Value[]

interface Traced {
  readonly graph: Graph
  run(data: readonly ArrayLike<number>[], precision?: Precision): readonly Tensor[]
}

/** A function of the inputs x0, x1, … traced once, to be interpreted as often as wanted. */
export function trace(inputs: readonly Omit<Given, 'data'>[], build: Build): Traced {
  const builder = new GraphBuilder()
  const values = inputs.map(({ shape, dtype = 'float32' }, index) => builder.input(`x${index}`, { shape, dtype }))
  const built = build(opsFor(builder), values, builder)
  const results = 'id' in built ? [built] : built
  for (const [index, value] of results.entries()) builder.output(`y${index}`, value)
  const graph = builder.finish('test')
  return {
    graph,
    run(data, precision = 'float64') {
      const named = Object.fromEntries(data.map((values, index) => [`x${index}`, values]))
      const { outputs } = interpret(graph, { inputs: named, precision })
      return results.flatMap((_, index) => outputs[`y${index}`] ?? [])
    },
  }
}

/** The numbers that a traced function of one value gives. */
export function evaluate(inputs: readonly Given[], build: (...args: Parameters<Build>) => Value): number[] {
  const [result] = trace(inputs, build).run(inputs.map(({ data }) => data))
  return [...(result?.data ?? [])]
}

/** Numbers in [low, high) that depend on the name alone. */
export function randomNumbers(name: string, count: number, low = -1, high = 1): Float64Array {
  const numbers = new Float64Array(count)
  fillUniform(streamKey(seedWords(2024), name), 0, numbers)
  return numbers.map((x) => low + (high - low) * x)
}
