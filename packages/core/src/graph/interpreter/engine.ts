import {
  compileOptions,
  defineEngine,
  type Executable,
  type Inputs,
  type NamedTensor,
  type Outputs,
} from '../../contracts/index.js'
import { described, oneOf, optional, requireArguments } from '../../options/index.js'
import { checkedInputs, checkedNames, checkedTensors, unknownName } from '../../program/checked-calls.js'
import { programKind } from '../../program/kinds.js'
import { sizeOf } from '../../shape.js'
import { interpret } from './interpreter.js'

/**
 * The interpreter behind the engine contract: right and slow. For tests and for small networks; in double precision unless asked
 * otherwise.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 */
export const interpreterEngine = defineEngine({
  specification: 'engine/v1',
  name: 'interpreter',
  title: 'the meaning of every primitive, computed plainly',
  options: {
    precision: described('what real numbers are computed in', optional(oneOf('float64', 'float32'), 'float64')),
  },
  create: ({ precision }) => ({
    devices: async () => [
      { device: 'cpu', kind: 'fallback', available: true, description: `interpreter, ${precision}` },
    ],
    compile: async (program, how = {}): Promise<Executable> => {
      requireArguments('compile of engine interpreter', { program: [programKind, program] })
      compileOptions.parse('compile of engine interpreter', how)
      const state = new Map<string, Float64Array | Float32Array>(
        program.state.map(({ name, shape }) => [name, new Float64Array(sizeOf(shape))]),
      )
      const specs = new Map(program.state.map((spec) => [spec.name, spec]))
      return {
        description: `interpreter ${precision}`,
        async run(name: string, inputs: Inputs): Promise<Outputs> {
          const given = checkedInputs(name, inputs)
          const graph = Object.hasOwn(program.functions, name) ? program.functions[name] : undefined
          if (graph === undefined) throw unknownName('function', name, Object.keys(program.functions))
          const arrays = Object.fromEntries(
            Object.entries(given).map(([key, value]) => [key, typeof value === 'number' ? [value] : value]),
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
          for (const name of checkedNames(names)) {
            const data = state.get(name)
            const spec = specs.get(name)
            if (data === undefined || spec === undefined) throw unknownName('state', name, [...specs.keys()])
            yield { name, shape: spec.shape, data: Float32Array.from(data) }
          }
        },
        async writeState(tensors) {
          const given: NamedTensor[] = []
          for await (const tensor of checkedTensors(tensors, specs)) given.push(tensor)
          for (const { name, data } of given) state.set(name, Float64Array.from(data))
        },
        async dispose() {
          state.clear()
        },
      }
    },
  }),
})
