import type { Executable, Inputs, NamedTensor, Outputs } from '../contracts/index.js'
import { ConvzooError, internalError } from '../errors/index.js'
import type { Graph, TensorType } from '../graph/index.js'
import { boolean, defineOptions, functionOf, matching, optional, withMethods } from '../options/index.js'
import { checkedInputs, checkedNames, checkedTensors, unknownName } from '../program/checked-calls.js'
import type { Program, StateSpec } from '../program/index.js'
import { programKind } from '../program/kinds.js'
import { isFloat32Array, isSharedArrayBuffer, isUint32Array } from '../recognise/index.js'
import { formatShape, sizeOf } from '../shape.js'
import { BufferPool } from './buffer-pool.js'
import { buffersOf } from './buffers.js'
import type { WorkerClient } from './client.js'
import type { Arrays } from './protocol.js'

interface RemoteExecutableOptions {
  readonly client: WorkerClient
  readonly program: Program
  /** Whatever the worker's end needs to compile the program. */
  readonly start: unknown
  /**
   * Whether inputs cross in memory that both threads see. A caller's input that lies in such memory already is then read where it is, until
   * the call is over.
   */
  readonly shared?: boolean | undefined
  /** Ends the worker, after it was asked to stop or failed to start. */
  readonly end: () => Promise<void>
}

const remoteOptions = defineOptions({
  client: withMethods<WorkerClient>('a WorkerClient', 'ask', 'fail'),
  program: programKind,
  start: optional(matching('what the worker needs', (given): given is unknown => given !== undefined)),
  shared: optional(boolean, false),
  end: functionOf<() => Promise<void>>(),
})

/** A program compiled in a worker thread: what is asked for goes there, what comes back is the caller's. */
export class RemoteExecutable implements Executable {
  readonly #client: WorkerClient
  readonly #end: () => Promise<void>
  readonly #state: ReadonlyMap<string, StateSpec>
  readonly #functions: Program['functions']
  readonly #pool: BufferPool
  readonly #isShared: boolean

  readonly runAfter?: NonNullable<Executable['runAfter']>

  private constructor(
    readonly description: string,
    options: RemoteExecutableOptions,
    after = false,
  ) {
    if (after) this.runAfter = (name, inputs) => this.#run(name, inputs, { after: true })
    const { client, program, shared, end } = remoteOptions.parse('RemoteExecutable', options)
    this.#isShared = shared
    this.#pool = new BufferPool(shared)
    this.#client = client
    this.#end = end
    this.#state = new Map(program.state.map((spec) => [spec.name, spec]))
    this.#functions = program.functions
  }

  /** Has the worker compile a program. If it cannot, the worker is ended. */
  static async start(options: RemoteExecutableOptions): Promise<RemoteExecutable> {
    remoteOptions.parse('RemoteExecutable.start', options)
    try {
      const { description, after } = await options.client.ask({ type: 'start', start: options.start }, 'started')
      return new RemoteExecutable(description, options, after)
    } catch (error) {
      await options.end()
      throw error
    }
  }

  async run(name: string, inputs: Inputs): Promise<Outputs> {
    const outputs = await this.#run(name, inputs)
    if (outputs === undefined) throw internalError(`The worker did not run ${name}.`)
    return outputs
  }

  async #run(name: string, inputs: Inputs, how: { readonly after?: true } = {}): Promise<Outputs | undefined> {
    const given = checkedInputs(name, inputs)
    const graph = Object.hasOwn(this.#functions, name) ? this.#functions[name] : undefined
    if (graph === undefined) throw unknownName('function', name, Object.keys(this.#functions))
    const arrays: Record<string, Arrays[string]> = {}
    const lent = new Set<string>()
    for (const input of graph.inputs) {
      const values = checkedInput(name, input, given[input.name])
      const isLent = this.#isShared && isInSharedMemory(values, input)
      if (isLent) lent.add(input.name)
      arrays[input.name] = isLent ? values : this.#pool.copy(values, input)
    }
    const reply = await this.#client.ask({ type: 'run', name, inputs: arrays, ...how }, 'ran', buffersOf(arrays))
    this.#pool.giveBack(Object.fromEntries(Object.entries(reply.inputs).filter(([input]) => !lent.has(input))))
    return reply.undone ? undefined : reply.outputs
  }

  async *readState(names: readonly string[] = [...this.#state.keys()]): AsyncGenerator<NamedTensor> {
    for (const name of checkedNames(names)) {
      const { shape } = this.#spec(name)
      const { data } = await this.#client.ask({ type: 'read', name }, 'read')
      yield { name, shape, data }
    }
  }

  async writeState(tensors: Iterable<NamedTensor> | AsyncIterable<NamedTensor>): Promise<void> {
    try {
      for await (const { name, data } of checkedTensors(tensors, this.#state)) {
        const copy = new Float32Array(data)
        await this.#client.ask({ type: 'stage', name, data: copy }, 'done', [copy.buffer])
      }
    } catch (error) {
      await this.#client.ask({ type: 'discard' }, 'done')
      throw error
    }
    await this.#client.ask({ type: 'commit' }, 'done')
  }

  async dispose(): Promise<void> {
    await this.#client.ask({ type: 'stop' }, 'done')
    await this.#end()
  }

  #spec(name: string): StateSpec {
    const spec = this.#state.get(name)
    if (spec === undefined) throw unknownName('state', name, [...this.#state.keys()])
    return spec
  }
}

function isInSharedMemory(values: ArrayLike<number>, { dtype }: TensorType): values is Arrays[string] {
  const isWhole = dtype === 'uint32' ? isUint32Array(values) : isFloat32Array(values)
  return isWhole && 'buffer' in values && isSharedArrayBuffer(values.buffer)
}

function checkedInput(
  name: string,
  input: Graph['inputs'][number] & TensorType,
  given: Inputs[string] | undefined,
): ArrayLike<number> {
  const values = typeof given === 'number' ? [given] : given
  if (values?.length === sizeOf(input.shape)) return values
  throw new ConvzooError({
    kind: 'state',
    message: `The function ${name} was called with an input "${input.name}" that does not fit.`,
    expected: `${input.dtype} ${formatShape(input.shape)}, ${sizeOf(input.shape)} elements`,
    received: values === undefined ? 'nothing' : `${values.length} elements`,
  })
}
