import {
  ConvzooError,
  createProgram,
  type Engine,
  type Executable,
  type FunctionKind,
  functionName,
  type Inputs,
  initialState,
  internalError,
  type Loss,
  type Model,
  type NamedTensor,
  type Optimizer,
  type Outputs,
  type StateSpec,
} from '@convzoo/core'

/** Batch sizes by what is done with them. */
export type BatchSizes = Readonly<Partial<Record<FunctionKind, readonly number[]>>>

const kinds = ['train', 'evaluate', 'predict'] as const satisfies readonly FunctionKind[]

export interface SessionOptions {
  readonly model: Model
  readonly engine: Engine
  readonly optimizer: Optimizer | undefined
  readonly loss: Loss
  readonly seed: number
  readonly log: ((line: string) => void) | undefined
}

/**
 * A model's state on an engine, with functions for the batch sizes that were asked for so far. A size that was not asked for
 * before compiles a program anew and moves the state over; whoever knows all sizes beforehand compiles once.
 */
export class Session {
  /** All that it keeps between steps. */
  readonly state: readonly StateSpec[]
  readonly #options: SessionOptions
  readonly #sizes = new Map<FunctionKind, Set<number>>()
  #executable: Executable | undefined
  #started = false
  #disposed = false
  #last: Promise<unknown> = Promise.resolve()

  constructor(options: SessionOptions) {
    this.#options = options
    this.state = this.#program({}).state
  }

  /** What it runs on, once something is compiled. */
  get description(): string | undefined {
    return this.#executable?.description
  }

  /** Compiles functions for these batch sizes, unless they are there. */
  prepare(sizes: BatchSizes): Promise<void> {
    return this.#exclusively(async () => {
      const missing = kinds.some((kind) => sizes[kind]?.some((size) => this.#sizes.get(kind)?.has(size) !== true))
      if (this.#executable !== undefined && !missing) return
      const all = this.#withSizes(sizes)
      const next = await this.#compile(all)
      const previous = this.#executable
      this.#executable = next
      for (const kind of kinds) this.#sizes.set(kind, new Set(all[kind]))
      await previous?.dispose()
    })
  }

  /** Runs the function of this kind for this batch size. */
  run(kind: FunctionKind, batchSize: number, inputs: Inputs): Promise<Outputs> {
    return this.#exclusively(async () => {
      const executable = await this.#start()
      return executable.run(functionName(kind, batchSize), inputs)
    })
  }

  /** State by name; all of it by default. */
  async *readState(names?: readonly string[]): AsyncGenerator<NamedTensor, void, undefined> {
    await this.prepare({})
    const executable = await this.#exclusively(() => this.#start())
    yield* executable.readState(names)
  }

  /** Overwrites the state tensors that are given. Those in `surely` are known to be among them: they need no start of their own. */
  async writeState(tensors: AsyncIterable<NamedTensor>, surely: ReadonlySet<string> = new Set()): Promise<void> {
    await this.prepare({})
    await this.#exclusively(async () => {
      const wasStarted = this.#started
      const executable = await this.#start(surely)
      try {
        await executable.writeState(tensors)
      } catch (error) {
        // What was left out of the start has not come: it is due when state is needed next.
        this.#started = wasStarted
        throw error
      }
    })
  }

  async dispose(): Promise<void> {
    await this.#exclusively(async () => {
      this.#disposed = true
      const executable = this.#executable
      this.#executable = undefined
      await executable?.dispose()
    }, true)
  }

  #program(batchSizes: BatchSizes) {
    const { model, loss, optimizer } = this.#options
    return createProgram({ model, loss, optimizer, batchSizes })
  }

  #withSizes(sizes: BatchSizes): BatchSizes {
    const union = (kind: FunctionKind): readonly number[] => [
      ...new Set([...(this.#sizes.get(kind) ?? []), ...(sizes[kind] ?? [])]),
    ]
    return { train: union('train'), evaluate: union('evaluate'), predict: union('predict') }
  }

  async #compile(sizes: BatchSizes): Promise<Executable> {
    const { engine, log } = this.#options
    const executable = await engine.compile(this.#program(sizes), log === undefined ? {} : { log })
    const previous = this.#executable
    if (previous === undefined || !this.#started) return executable
    try {
      await executable.writeState(previous.readState())
    } catch (error) {
      await executable.dispose()
      throw error
    }
    return executable
  }

  /** State starts as the seed says, when it is first needed. */
  async #start(except: ReadonlySet<string> = new Set()): Promise<Executable> {
    const executable = this.#executable
    if (executable === undefined) throw internalError('A program was used before it was compiled.')
    if (!this.#started) {
      const state = this.state.filter(({ name }) => !except.has(name))
      await executable.writeState(initialState({ state }, this.#options.seed))
      this.#started = true
    }
    return executable
  }

  /** One thing at a time, in the order in which they were asked for. */
  #exclusively<T>(work: () => Promise<T>, evenDisposed = false): Promise<T> {
    const result = this.#last.then(() => {
      if (this.#disposed && !evenDisposed) {
        throw new ConvzooError({
          kind: 'state',
          message: 'This trainer has been disposed of.',
          mend: 'make another one; read weights before disposing',
        })
      }
      return work()
    })
    this.#last = result.catch(() => undefined)
    return result
  }
}
