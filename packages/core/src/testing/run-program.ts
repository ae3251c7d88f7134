import type { Graph } from '../graph/index.js'
import { type Interpretation, interpret } from '../graph/interpreter/interpreter.js'
import type { Precision } from '../graph/interpreter/tensor.js'
import type { Model } from '../model/index.js'
import { initialState, type Program } from '../program/index.js'
import { traceModel } from '../program/trace-model.js'

type Numbers = ArrayLike<number>

interface Running {
  /** State in the precision it is computed in; the engine contract would round it to single. */
  readonly state: Map<string, Numbers>
  run(name: string, inputs: Readonly<Record<string, Numbers>>): Interpretation
}

/** A program whose state is at hand between runs. */
export function runProgram(program: Program, { seed = 1, precision = 'float64' as Precision } = {}): Running {
  const state = new Map<string, Numbers>([...initialState(program, seed)].map(({ name, data }) => [name, data]))
  return {
    state,
    run(name, inputs) {
      const result = interpret(functionOf(program, name), { inputs, state, precision })
      if (result.commit) for (const [key, { data }] of result.assignments) state.set(key, data)
      return result
    },
  }
}

function functionOf(program: Program, name: string): Graph {
  const found = program.functions[name]
  if (found === undefined) throw new Error(`The program has no function ${name}.`)
  return found
}

interface ForwardOptions {
  readonly training?: boolean
  readonly step?: number
  readonly sampleIndices?: readonly number[]
  readonly state?: ReadonlyMap<string, Numbers>
}

/** What a model gives for images [N, …], by the interpreter. */
export function forward(model: Model, batchSize: number, images: Numbers, options: ForwardOptions = {}): number[] {
  const { training = false, step = 0, sampleIndices = Array.from({ length: batchSize }, (_, i) => i), state } = options
  const { builder, output } = traceModel(model, { batchSize, training })
  builder.output('y', output)
  const { outputs } = interpret(builder.finish('forward'), {
    inputs: { images, seed: [7, 0], step: [step], sampleIndices },
    ...(state === undefined ? {} : { state }),
  })
  return [...(outputs.y?.data ?? [])]
}
