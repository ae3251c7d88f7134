import type { Shape } from '@convzoo/core'
import { internalError } from '@convzoo/core/define'
import { type OnnxFunction, passingModel } from '@convzoo/onnx'
import { type Kernels, OperatorDomain } from '../capi/operator-domain.js'
import type { Address, OrtApi } from '../capi/ort-api.js'
import type { Numbers } from '../capi/values.js'
import { type BoundPlace, BoundSession } from './bound-session.js'
import { appendCuda, type Precision } from './cuda-options.js'
import { DevicePlace } from './device-place.js'
import { FixedCrossings } from './fixed-crossings.js'
import { HostValue } from './host-value.js'
import { placements, requireOnCuda } from './placements.js'
import { recordPrefix } from './record.js'
import { RecordedSession } from './recorded-session.js'
import type { Runtime, Session } from './runtime.js'
import { shapesOf } from './tensors.js'

/** `enum OrtLoggingLevel` */
const logs = { error: 3, fatal: 4 }

/** `enum GraphOptimizationLevel` */
const allOptimizations = 99

/** `enum ExecutionMode` */
const sequential = 0

export interface BoundOptions {
  readonly threads: number
  /** Whether threads that wait for work stay awake; true by default. */
  readonly spinning?: boolean | undefined
  /** Whether ONNX Runtime may report to its maker. */
  readonly telemetry: boolean
  /** On a CUDA device, else on the CPU. If not all of a function runs there, that is an error unless it is allowed. */
  readonly cuda?: { readonly precision: Precision; readonly allowCpu: boolean; readonly graphs: boolean } | undefined
  /** Who computes operators that ONNX has not, for models that have some. */
  readonly kernels?: Kernels | undefined
  /** The folder that the record of each session is written into, if there is to be one. */
  readonly profile?: string | undefined
  /** State behind an allocator of the device, as a GPU needs it; else in arrays of this process, which the CPU writes to at once. */
  readonly onDevice: boolean
  /** Whether ONNX Runtime writes to stderr why it cannot do what it is asked for. */
  readonly explaining?: boolean
}

/**
 * ONNX Runtime through its C interface: what a session takes and gives is bound to memory that is there, so nothing is copied but what has
 * to cross to a device.
 */
export class BoundRuntime implements Runtime<BoundPlace> {
  readonly #api: OrtApi
  readonly #env: Address
  readonly #options: Address
  readonly #host: Address
  readonly #cuda: BoundOptions['cuda']
  readonly #profile: BoundOptions['profile']
  readonly #kernels: Kernels | undefined
  readonly #device:
    | { readonly memory: Address; readonly passing: BoundSession; readonly allocator: Address }
    | undefined

  constructor(
    api: OrtApi,
    { threads, spinning = true, telemetry, cuda, kernels, profile, onDevice, explaining = false }: BoundOptions,
  ) {
    this.#api = api
    this.#kernels = kernels
    this.#cuda = cuda
    this.#profile = profile
    this.#env = api.make('CreateEnv', explaining ? logs.error : logs.fatal, 'convzoo')
    if (!telemetry) api.call('DisableTelemetryEvents', this.#env)
    this.#options = api.make('CreateSessionOptions')
    const options = this.#options
    api.call('SetSessionExecutionMode', options, sequential)
    api.call('SetSessionGraphOptimizationLevel', options, allOptimizations)
    api.call('SetIntraOpNumThreads', options, threads)
    api.call('SetInterOpNumThreads', options, 1)
    // One planned block for a whole run would lie beside the pieces that the first run, which has no plan yet, took one by one.
    api.call('DisableMemPattern', options)
    api.call('AddSessionConfigEntry', options, 'session.intra_op.allow_spinning', spinning ? '1' : '0')
    api.call('AddSessionConfigEntry', options, 'session.record_ep_graph_assignment_info', '1')
    this.#host = memoryInfo(api, 'Cpu')
    if (onDevice) this.#device = this.#openDevice(cuda === undefined ? 'Cpu' : 'Cuda')
  }

  place(shape: Shape): BoundPlace {
    if (this.#device === undefined) return new HostValue(this.#api, this.#host, shape)
    return new DevicePlace(this.#api, shape, { ...this.#device, host: this.#host })
  }

  async session(lowered: OnnxFunction): Promise<Session<BoundPlace>> {
    const unrecorded = () => this.#opened(lowered, undefined)
    const crossings = this.#crossings(lowered)
    if (crossings === undefined) return unrecorded()
    return RecordedSession.open({ recorded: () => this.#opened(lowered, crossings), unrecorded })
  }

  async #opened(lowered: OnnxFunction, crossings: FixedCrossings | undefined): Promise<BoundSession> {
    if (this.#profile !== undefined) {
      this.#api.call('EnableProfiling', this.#options, recordPrefix(this.#profile, lowered.name))
    }
    const session = this.#openWith(lowered, crossings)
    if (this.#cuda?.allowCpu === false) {
      try {
        requireOnCuda(lowered.name, placements(this.#api, session.address))
      } catch (error) {
        await session.release()
        throw error
      }
    }
    return session
  }

  async release(): Promise<void> {
    if (this.#device !== undefined) {
      this.#api.release('Allocator', this.#device.allocator)
      await this.#device.passing.release()
      this.#api.release('MemoryInfo', this.#device.memory)
    }
    this.#api.release('MemoryInfo', this.#host)
    this.#api.release('SessionOptions', this.#options)
    this.#api.release('Env', this.#env)
    this.#kernels?.release()
  }

  #open(model: Uint8Array, how: OpenHow): BoundSession {
    const api = this.#api
    const options = api.make('CloneSessionOptions', this.#options)
    try {
      const { precision } = this.#cuda ?? {}
      if (precision !== undefined) appendCuda(api, options, { precision, graphs: how.crossings !== undefined })
      if (how.operators !== undefined) api.call('AddCustomOpDomain', options, how.operators.address)
      return new BoundSession(api, { env: this.#env, options, host: this.#host, model, ...how })
    } catch (error) {
      how.operators?.release()
      throw error
    } finally {
      api.release('SessionOptions', options)
    }
  }

  /** Each session has the operators of its own model alone. */
  #openWith(lowered: OnnxFunction, crossings: FixedCrossings | undefined): BoundSession {
    const shapes = shapesOf(lowered)
    const pin = (data: Numbers): void => this.#kernels?.pin(data)
    if (lowered.operators.length === 0) return this.#open(lowered.model, { shapes, pin, crossings })
    if (this.#kernels === undefined) throw internalError(`Nobody computes the operators of ${lowered.name}.`)
    const operators = new OperatorDomain(this.#api, lowered.operators, this.#kernels)
    return this.#open(lowered.model, { shapes, pin, operators, crossings })
  }

  /** What a function crosses at, if its runs are recorded. What ONNX Runtime has before it runs, it copies where nothing may be recorded. */
  #crossings({ givesConstants }: OnnxFunction): FixedCrossings | undefined {
    const copier = this.#cuda === undefined || this.#cuda.graphs ? this.#kernels?.copier : undefined
    const isRecorded = this.#profile === undefined && !givesConstants
    if (this.#device === undefined || copier === undefined || !isRecorded) return undefined
    return new FixedCrossings(this.#api, this.#device.allocator, copier)
  }

  #openDevice(name: string) {
    const memory = memoryInfo(this.#api, name)
    const passing = this.#open(passingModel(), { shapes: new Map() })
    return { memory, passing, allocator: this.#api.make('CreateAllocator', passing.address, memory) }
  }
}

/** What of a session is its own. */
type OpenHow = Pick<ConstructorParameters<typeof BoundSession>[1], 'shapes' | 'pin' | 'operators' | 'crossings'>

/** @param name `Cpu` or `Cuda`, as ONNX Runtime calls the memory. */
function memoryInfo(api: OrtApi, name: string): Address {
  const [arenaAllocator, firstDevice, defaultMemory] = [1, 0, 0]
  return api.make('CreateMemoryInfo', name, arenaAllocator, firstDevice, defaultMemory)
}
