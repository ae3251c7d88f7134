import {
  ConvzooError,
  type Engine,
  type Executable,
  type Inputs,
  type Loss,
  type Model,
  type NamedTensor,
  type Optimizer,
  type Outputs,
  type WeightAverage,
} from '@convzoo/core'
import { internalError } from '@convzoo/core/define'
import {
  createProgram,
  type FunctionKind,
  functionName,
  initialState,
  type Program,
  type ProgramOptions,
  type StateSpec,
} from '@convzoo/core/engine'
import { compileOn } from './checked-engine.js'
import { type BatchSizes, CompiledSizes } from './compiled-sizes.js'
import type { Platform } from './platform.js'
import { Sections } from './sections.js'
import { StateReading } from './state-reading.js'
import { type Signal, Stop } from './stop.js'

export interface SessionOptions {
  readonly model: Model
  readonly engine: Engine
  readonly optimizer: Optimizer | undefined
  readonly average: WeightAverage | undefined
  /** Whether steps are made in parts. */
  readonly accumulation: boolean
  /** Whether each sample counts by the weight of its class. */
  readonly classWeights: boolean
  /** Whether steps tell the norm of their gradients also where no clipping needs it. */
  readonly gradientNorm: boolean
  readonly loss: Loss
  readonly seed: number
  readonly log: ((line: string) => void) | undefined
  readonly platform: Platform
}

/**
 * A model's state on an engine, with functions for batch sizes that were asked for. A size that is not there compiles a program anew
 * and moves the state over; whoever knows all sizes beforehand compiles once.
 *
 * What has to see one state from its beginning to its end is done in a section: {@link look} or {@link change}.
 */
export class Session {
  /** All that it keeps between steps. Accumulated gradients for the rest of a step are none of it. */
  readonly state: readonly StateSpec[]
  /** That, and what there is within a step. */
  readonly #all: readonly StateSpec[]
  readonly #options: SessionOptions
  readonly #sizes = new CompiledSizes()
  readonly #sections: Sections
  readonly #readings = new Set<StateReading>()
  readonly #disposal = new AbortController()
  #executable: Executable | undefined
  #started = false
  #last: Promise<unknown> = Promise.resolve()

  constructor(options: SessionOptions) {
    this.#options = options
    this.#sections = new Sections(options.platform)
    this.#all = this.#program({}).state
    this.state = this.#all.filter(({ role }) => role !== 'gradient')
  }

  /** What it runs on, once something is compiled. */
  get description(): string | undefined {
    return this.#executable?.description
  }

  /** What ends waiting: that it is disposed of, and a caller's signal. */
  stop(signal?: Signal): Stop {
    return new Stop(this.#disposal.signal, signal)
  }

  /** Work during which the state stays as it is; other such work may go on beside it. */
  look<T>(work: () => Promise<T>, stop: Stop = this.stop()): Promise<T> {
    return this.#sections.look(work, stop)
  }

  /** Work that changes the state, alone. Readings that are open keep what they have not read yet. */
  change<T>(work: () => Promise<T>, stop: Stop = this.stop()): Promise<T> {
    return this.#sections.change(async () => {
      for (const reading of this.#readings) await reading.keep()
      this.#readings.clear()
      return work()
    }, stop)
  }

  /** Compiles functions for these batch sizes, unless they are there. */
  prepare(sizes: BatchSizes): Promise<void> {
    return this.#exclusively(async () => {
      if (this.#executable !== undefined && this.#sizes.has(sizes)) return
      const all = this.#sizes.with(sizes)
      const next = await this.#compile(all)
      const previous = this.#executable
      this.#executable = next
      this.#sizes.replace(all)
      await previous?.dispose()
    })
  }

  /** Runs the function of this kind for this batch size. */
  async run(kind: FunctionKind, batchSize: number, inputs: Inputs): Promise<Outputs> {
    // Another's sizes may have taken its place since it was prepared.
    await this.prepare({ [kind]: [batchSize] })
    return this.#exclusively(async () => {
      const executable = await this.#start()
      return executable.run(functionName(kind, batchSize), inputs)
    })
  }

  /**
   * Runs the function of this kind for this batch size several times. Each is asked for while those before may be under way, and made only if the
   * one before it was finite: `undefined` of those after one that was not. In a section of the session that changes; `work` asks it for nothing else.
   */
  async runEach<T>(
    kind: FunctionKind,
    batchSize: number,
    work: (call: (inputs: Inputs) => Promise<Outputs | undefined>) => Promise<T>,
  ): Promise<T> {
    await this.prepare({ [kind]: [batchSize] })
    return this.#exclusively(async () => {
      const executable = await this.#start()
      const name = functionName(kind, batchSize)
      let last: Promise<Outputs | undefined> | undefined
      const inTurn = async (before: Promise<Outputs | undefined>, inputs: Inputs): Promise<Outputs | undefined> => {
        const outputs = await before.catch(() => undefined)
        return outputs?.finite?.[0] === 1 ? executable.run(name, inputs) : undefined
      }
      return work((inputs) => {
        if (last === undefined) last = executable.run(name, inputs)
        else last = executable.runAfter?.(name, inputs) ?? inTurn(last, inputs)
        return last
      })
    })
  }

  /**
   * A program of its own, otherwise made, that has the weights and statistics as they stand. Whoever gets it disposes of it. In a section of the
   * session, so that they are of one moment.
   */
  async beside(
    otherwise: Partial<ProgramOptions>,
  ): Promise<{ readonly program: Program; readonly executable: Executable }> {
    const program = this.#program(otherwise)
    const executable = await this.#compileProgram(program)
    try {
      const weights = this.state.filter(({ role }) => role === 'weight' || role === 'statistic')
      await executable.writeState(this.read(weights.map(({ name }) => name)))
    } catch (error) {
      await executable.dispose()
      throw error
    }
    return { program, executable }
  }

  /** Runs a function that is for no batch size, such as `apply`, once there is one for a batch size that it belongs to. */
  call(name: string, inputs: Inputs): Promise<Outputs> {
    return this.#exclusively(async () => {
      const executable = await this.#start()
      return executable.run(name, inputs)
    })
  }

  /** State of one moment by name; all of it by default. It is given for as long as it is read, whatever happens meanwhile. */
  async *readState(names?: readonly string[]): AsyncGenerator<NamedTensor, void, undefined> {
    const reading = await this.look(async () => this.#open(names))
    try {
      for (let tensor = await reading.next(); tensor !== undefined; tensor = await reading.next()) yield tensor
    } finally {
      this.#readings.delete(reading)
    }
  }

  /** The same from within a section, as it is read. */
  async *read(names: readonly string[]): AsyncGenerator<NamedTensor, void, undefined> {
    await this.prepare({})
    for (const name of names) {
      const tensors = await this.#exclusively(async () => {
        const executable = await this.#start()
        const read: NamedTensor[] = []
        for await (const tensor of executable.readState([name])) read.push(tensor)
        return read
      })
      yield* tensors
    }
  }

  /**
   * Overwrites the state tensors that are given, from within a section that changes. Those in `surely` are known to be among them: they
   * need no start of their own.
   */
  async write(
    tensors: Iterable<NamedTensor> | AsyncIterable<NamedTensor>,
    surely: ReadonlySet<string> = new Set(),
  ): Promise<void> {
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

  /** Ends what waits, and gives back what the engine holds once the call that is under way has ended. */
  async dispose(): Promise<void> {
    if (!this.#disposal.signal.aborted) this.#disposal.abort(disposed())
    this.#readings.clear()
    await this.#inTurn(async () => {
      const executable = this.#executable
      this.#executable = undefined
      await executable?.dispose()
    })
  }

  #open(names: readonly string[] = this.state.map(({ name }) => name)): StateReading {
    this.#disposal.signal.throwIfAborted()
    const known = this.state.map(({ name }) => name)
    requireKnown(names, known, 'keeps no tensor')
    const reading = new StateReading(names, (some) => this.read(some))
    this.#readings.add(reading)
    return reading
  }

  #program(otherwise: Partial<ProgramOptions>): Program {
    const { model, loss, optimizer, average, accumulation, classWeights, gradientNorm } = this.#options
    return createProgram({ model, loss, optimizer, average, accumulation, classWeights, gradientNorm, ...otherwise })
  }

  #compileProgram(program: Program): Promise<Executable> {
    const { engine, log } = this.#options
    return compileOn(engine, program, log === undefined ? {} : { log })
  }

  async #compile(batchSizes: BatchSizes): Promise<Executable> {
    const executable = await this.#compileProgram(this.#program({ batchSizes }))
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
      const state = this.#all.filter(({ name }) => !except.has(name))
      await executable.writeState(initialState({ state }, this.#options.seed))
      this.#started = true
    }
    return executable
  }

  /** One call of the engine at a time, in the order in which they were asked for. */
  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.#inTurn(() => {
      this.#disposal.signal.throwIfAborted()
      return work()
    })
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work)
    this.#last = result.catch(() => undefined)
    return result
  }
}

function disposed(): ConvzooError {
  return new ConvzooError({
    kind: 'state',
    message: 'This trainer has been disposed of.',
    hint: 'make another one; read weights before disposing',
  })
}

/** @throws ConvzooError of kind `state` that tells the first name that is not known. */
export function requireKnown(names: readonly string[], known: readonly string[], lacks: string): void {
  const all = new Set(known)
  const unknown = names.find((name) => !all.has(name))
  if (unknown === undefined) return
  throw new ConvzooError({
    kind: 'state',
    message: `The trainer ${lacks} "${unknown}".`,
    expected: `one of ${known.join(', ')}`,
    received: unknown,
  })
}
