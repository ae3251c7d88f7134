import {
  type CompileOptions,
  ConvzooError,
  type Engine,
  type Executable,
  type NamedTensor,
  type Outputs,
} from '@convzoo/core'
import { describeValue, isAsyncIterable, isFloat32Array, isUint8Array, sameShape, sizeOf } from '@convzoo/core/define'
import type { Program } from '@convzoo/core/engine'
import { isTensor } from '@convzoo/safetensors/blob'

const methods = ['run', 'readState', 'writeState', 'dispose'] as const satisfies readonly (keyof Executable)[]

/**
 * Compiles a program on an engine, which may be a plugin's: what it gives back is looked at before it is used.
 *
 * @throws ConvzooError of kind `engine` that names the engine and what it gave.
 */
export async function compileOn(engine: Engine, program: Program, options: CompileOptions): Promise<Executable> {
  const compiled: unknown = await engine.compile(program, options)
  if (!isExecutable(compiled)) {
    throw nonsense(engine, 'compile', `an object with description, ${methods.join(', ')}`, compiled)
  }
  return new CheckedExecutable(engine, program, compiled)
}

function isExecutable(value: unknown): value is Executable {
  if (typeof value !== 'object' || value === null) return false
  if (typeof Reflect.get(value, 'description') !== 'string') return false
  return methods.every((name) => typeof Reflect.get(value, name) === 'function')
}

/** An executable whose answers are those that the program says. */
class CheckedExecutable implements Executable {
  readonly #engine: Engine
  readonly #program: Program
  readonly #executable: Executable
  readonly runAfter?: NonNullable<Executable['runAfter']>

  constructor(engine: Engine, program: Program, executable: Executable) {
    this.#engine = engine
    this.#program = program
    this.#executable = executable
    const after: unknown = executable.runAfter
    if (after === undefined) return
    if (typeof after !== 'function') throw nonsense(engine, 'compile', 'runAfter as a function, or none', after)
    this.runAfter = async (name, inputs) => {
      const given = await executable.runAfter?.(name, inputs)
      return given === undefined ? undefined : this.#checked(`runAfter of ${name}`, name, given)
    }
  }

  get description(): string {
    return this.#executable.description
  }

  async run(name: string, inputs: Parameters<Executable['run']>[1]): Promise<Outputs> {
    return this.#checked(`run of ${name}`, name, await this.#executable.run(name, inputs))
  }

  #checked(what: string, name: string, given: unknown): Outputs {
    if (!isOutputs(given)) throw nonsense(this.#engine, what, 'outputs by name', given)
    const graph = this.#program.functions[name]
    for (const { name: output, value } of graph?.outputs ?? []) {
      const { shape = [], dtype } = graph?.nodes[value] ?? {}
      const values: unknown = given[output]
      const size = sizeOf(shape)
      if (
        dtype === 'bool'
          ? isUint8Array(values) && values.length === size
          : isFloat32Array(values) && values.length === size
      )
        continue
      const array = `a ${dtype === 'bool' ? 'Uint8Array' : 'Float32Array'} of ${size} elements`
      throw nonsense(this.#engine, what, `"${output}" among its outputs, ${array}`, values ?? given)
    }
    return given
  }

  async *readState(
    names: readonly string[] = this.#program.state.map(({ name }) => name),
  ): AsyncGenerator<NamedTensor> {
    const given: unknown = this.#executable.readState(names)
    const shapes = new Map(this.#program.state.map(({ name, shape }) => [name, shape]))
    const due = [...names]
    const expected = 'the tensors of these names, in this order: { name, shape, data }'
    if (!isAsyncIterable(given)) throw nonsense(this.#engine, 'readState', expected, given)
    for await (const tensor of given) {
      const name = due.shift()
      if (!isTensor(tensor) || tensor.name !== name || !sameShape(tensor.shape, shapes.get(name) ?? [])) {
        throw nonsense(this.#engine, 'readState', expected, tensor)
      }
      yield tensor
    }
    if (due.length > 0) throw nonsense(this.#engine, 'readState', expected, `${due.length} too few`)
  }

  async writeState(tensors: Parameters<Executable['writeState']>[0]): Promise<void> {
    await this.#executable.writeState(tensors)
  }

  async dispose(): Promise<void> {
    await this.#executable.dispose()
  }
}

const isOutputs = (value: unknown): value is Outputs => typeof value === 'object' && value !== null

function nonsense(engine: Engine, what: string, expected: string, received: unknown): ConvzooError {
  return new ConvzooError({
    kind: 'engine',
    message: `The engine ${describeValue(engine.name)} gave what no engine gives: ${what}.`,
    expected,
    received: describeValue(received),
    hint: 'hold the engine to describeEngine of @convzoo/plugin-kit, or use another one',
  })
}
