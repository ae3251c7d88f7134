import {
  ConvzooError,
  type Executable,
  formatShape,
  type Inputs,
  type NamedTensor,
  type Outputs,
  type Program,
  type StateSpec,
  sizeOf,
} from '@convzoo/core'
import type { LoweredFunction, Port } from './lowering/lowered.js'
import { BufferPool } from './session/buffer-pool.js'
import type { Arrays } from './session/protocol.js'
import type { WorkerClient } from './session/worker-client.js'

/** A compiled program: what is asked for goes to the worker thread, what comes back is the caller's. */
export class OnnxExecutable implements Executable {
  readonly #state: ReadonlyMap<string, StateSpec>
  readonly #functions: ReadonlyMap<string, LoweredFunction>
  readonly #pool = new BufferPool()

  constructor(
    readonly description: string,
    readonly worker: WorkerClient,
    program: Program,
    functions: readonly LoweredFunction[],
  ) {
    this.#state = new Map(program.state.map((spec) => [spec.name, spec]))
    this.#functions = new Map(functions.map((lowered) => [lowered.name, lowered]))
  }

  async run(name: string, inputs: Inputs): Promise<Outputs> {
    const lowered = this.#functions.get(name)
    if (lowered === undefined) throw unknownName('function', name, this.#functions.keys())
    const arrays: Record<string, Float32Array | Uint32Array> = {}
    for (const port of lowered.inputs)
      arrays[port.name] = this.#pool.copy(checkedInput(name, port, inputs[port.name]), port)
    const reply = await this.worker.ask({ type: 'run', name, inputs: arrays }, 'ran', buffersOf(arrays))
    this.#pool.giveBack(reply.inputs)
    return reply.outputs
  }

  async *readState(names: readonly string[] = [...this.#state.keys()]): AsyncGenerator<NamedTensor> {
    for (const name of names) {
      const spec = this.#state.get(name)
      if (spec === undefined) throw unknownName('state', name, this.#state.keys())
      const { data } = await this.worker.ask({ type: 'read', name }, 'read')
      yield { name, shape: spec.shape, data }
    }
  }

  async writeState(tensors: Iterable<NamedTensor> | AsyncIterable<NamedTensor>): Promise<void> {
    try {
      for await (const { name, shape, data } of tensors) {
        const spec = this.#state.get(name)
        if (spec === undefined) throw unknownName('state', name, this.#state.keys())
        if (formatShape(shape) !== formatShape(spec.shape) || data.length !== sizeOf(spec.shape)) {
          throw new ConvzooError({
            kind: 'state',
            message: `The tensor "${name}" does not have the shape of the state it is meant for.`,
            expected: formatShape(spec.shape),
            received: `${formatShape(shape)} with ${data.length} elements`,
          })
        }
        const copy = new Float32Array(data)
        await this.worker.ask({ type: 'stage', name, data: copy }, 'done', [copy.buffer])
      }
    } catch (error) {
      await this.worker.ask({ type: 'discard' }, 'done')
      throw error
    }
    await this.worker.ask({ type: 'commit' }, 'done')
  }

  async dispose(): Promise<void> {
    await this.worker.ask({ type: 'stop' }, 'done')
    await this.worker.end()
  }
}

function buffersOf(arrays: Arrays): ArrayBuffer[] {
  return Object.values(arrays).flatMap(({ buffer }) => (buffer instanceof ArrayBuffer ? [buffer] : []))
}

function checkedInput(name: string, port: Port, given: Inputs[string] | undefined): ArrayLike<number> {
  const values = typeof given === 'number' ? [given] : given
  if (values?.length === sizeOf(port.shape)) return values
  throw new ConvzooError({
    kind: 'state',
    message: `The function ${name} was called with an input "${port.name}" that does not fit.`,
    expected: `${port.dtype} ${formatShape(port.shape)}, ${sizeOf(port.shape)} elements`,
    received: values === undefined ? 'nothing' : `${values.length} elements`,
  })
}

function unknownName(kind: string, name: string, known: Iterable<string>): ConvzooError {
  return new ConvzooError({
    kind: 'state',
    message: `The program has no ${kind} "${name}".`,
    expected: `one of ${[...known].join(', ')}`,
    received: name,
  })
}
