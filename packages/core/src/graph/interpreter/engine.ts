import {
  compileOptions,
  type Engine,
  type Executable,
  type Inputs,
  type NamedTensor,
  type Outputs,
} from '../../contracts/index.js'
import { ConvzooError } from '../../errors/index.js'
import { defineOptions, oneOf, optional } from '../../options/index.js'
import { sameShape, sizeOf } from '../../shape.js'
import { interpret } from './interpreter.js'
import type { Precision } from './tensor.js'

const options = defineOptions({ precision: optional(oneOf('float64', 'float32'), 'float64') })

/**
 * The interpreter behind the engine contract: right and slow. For tests and for small networks; in double precision unless asked
 * otherwise.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 */
export function interpreterEngine(given: { readonly precision?: Precision } = {}): Engine {
  const { precision } = options.parse('engine interpreter', given)
  return {
    specification: 'engine/v1',
    name: 'interpreter',
    devices: async () => [{ device: 'cpu', available: true, description: `interpreter, ${precision}` }],
    compile: async (program, how = {}): Promise<Executable> => {
      compileOptions.parse('compile of engine interpreter', how)
      const state = new Map<string, Float64Array | Float32Array>(
        program.state.map(({ name, shape }) => [name, new Float64Array(sizeOf(shape))]),
      )
      const shapes = new Map(program.state.map(({ name, shape }) => [name, shape]))
      return {
        description: `interpreter ${precision}`,
        async run(name: string, inputs: Inputs): Promise<Outputs> {
          const graph = program.functions[name]
          if (graph === undefined) throw unknown('function', name, Object.keys(program.functions))
          const arrays = Object.fromEntries(
            Object.entries(inputs).map(([key, value]) => [key, typeof value === 'number' ? [value] : value]),
          )
          const result = interpret(graph, { inputs: arrays, state, precision })
          if (result.commit) {
            for (const [key, tensor] of result.assignments) state.set(key, Float64Array.from(tensor.data))
          }
          return Object.fromEntries(
            Object.entries(result.outputs).map(([key, { dtype, data }]) => [
              key,
              dtype === 'bool' ? Uint8Array.from(data) : Float32Array.from(data),
            ]),
          )
        },
        async *readState(names = program.state.map(({ name }) => name)): AsyncGenerator<NamedTensor> {
          for (const name of names) {
            const data = state.get(name)
            const shape = shapes.get(name)
            if (data === undefined || shape === undefined) throw unknown('state', name, [...state.keys()])
            yield { name, shape, data: Float32Array.from(data) }
          }
        },
        async writeState(tensors) {
          const given: NamedTensor[] = []
          for await (const tensor of tensors) given.push(tensor)
          for (const { name, shape, data } of given) {
            const own = shapes.get(name)
            if (own === undefined || !sameShape(own, shape) || data.length !== sizeOf(shape)) {
              throw unknown('state', name, [...state.keys()])
            }
          }
          for (const { name, data } of given) state.set(name, Float64Array.from(data))
        },
        async dispose() {
          state.clear()
        },
      }
    },
  }
}

function unknown(kind: string, name: string, known: readonly string[]): ConvzooError {
  return new ConvzooError({
    kind: 'state',
    message: `The program has no ${kind} "${name}" of that shape.`,
    expected: `one of ${known.join(', ')}`,
    received: name,
  })
}
