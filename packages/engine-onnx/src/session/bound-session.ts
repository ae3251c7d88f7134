import type { Shape } from '@convzoo/core'
import { internalError } from '@convzoo/core/define'
import { passedInput, passedOutput } from '@convzoo/onnx'
import type { OperatorDomain } from '../capi/operator-domain.js'
import type { Address, OrtApi } from '../capi/ort-api.js'
import { type Numbers, tensorOver } from '../capi/values.js'
import type { FixedCrossings } from './fixed-crossings.js'
import type { Call, Place, Session } from './runtime.js'

/** State that a session can be bound to. */
export interface BoundPlace extends Place {
  /** Its tensor. */
  readonly value: Address
}

interface Opening {
  readonly env: Address
  readonly options: Address
  /** What kind of memory the process has. */
  readonly host: Address
  readonly model: Uint8Array
  /** Of what crosses the boundary of the model. */
  readonly shapes: ReadonlyMap<string, Shape>
  /** What the model needs beside ONNX's operators; the session releases it. */
  readonly operators?: OperatorDomain | undefined
  /** Told of each array that is taken in, before it is. */
  readonly pin?: ((data: Numbers) => void) | undefined
  /** Where everything crosses, if runs are recorded; the session releases it. */
  readonly crossings?: FixedCrossings | undefined
}

/** A binding, and the places that it is bound to. */
interface Bound {
  readonly binding: Address
  /** By which a recorded run of it is known; undefined where none is recorded. */
  readonly runOptions: Address | undefined
  readonly states: ReadonlyMap<string, BoundPlace>
  readonly next: ReadonlyMap<string, BoundPlace>
}

/** As many as a tensor of state has places that change roles, and some for what changes only part of it. */
const mostBindings = 4

/** A session whose inputs and outputs are bound to memory before each run: it reads and writes there. State stays bound where it is. */
export class BoundSession implements Session<BoundPlace> {
  readonly address: Address
  readonly #api: OrtApi
  readonly #host: Address
  readonly #crossings: FixedCrossings | undefined
  /** The one that was used last, last. */
  readonly #bound: Bound[] = []
  #recordings = 0
  readonly #shapes: ReadonlyMap<string, Shape>
  readonly #operators: OperatorDomain | undefined
  readonly #pin: Opening['pin']

  constructor(api: OrtApi, { env, options, host, model, shapes, operators, pin, crossings }: Opening) {
    this.#crossings = crossings
    this.#operators = operators
    this.#pin = pin
    this.#api = api
    this.#host = host
    this.#shapes = shapes
    this.address = api.make('CreateSessionFromArray', env, model, model.byteLength, options)
  }

  async run({ feeds, states, next, outputs }: Call<BoundPlace>): Promise<void> {
    const { binding, runOptions } = this.#boundTo({ feeds, states, next, outputs })
    for (const [name, data] of feeds) {
      this.#pin?.(data)
      if (this.#crossings === undefined) this.#bindArray(binding, 'BindInput', { name, data })
      else this.#crossings.bring(name, data)
    }
    if (this.#crossings === undefined) {
      for (const [name, data] of outputs) this.#bindArray(binding, 'BindOutput', { name, data })
    }
    try {
      this.#api.call('RunWithBinding', this.address, runOptions ?? null, binding)
    } finally {
      // What one of them failed with says more than what ONNX Runtime then missed.
      this.#operators?.check()
    }
    for (const [name, data] of outputs) this.#crossings?.fetch(name, data)
  }

  /** Of a session of `passingModel`: copies one tensor into the other. */
  pass(from: Address, to: Address): void {
    const { binding } = this.#boundTo({ feeds: new Map(), states: new Map(), next: new Map(), outputs: new Map() })
    this.#api.call('BindInput', binding, passedInput, from)
    this.#api.call('BindOutput', binding, passedOutput, to)
    this.#api.call('RunWithBinding', this.address, null, binding)
  }

  async release(): Promise<void> {
    for (const bound of this.#bound) this.#unbind(bound)
    this.#api.release('Session', this.address)
    this.#crossings?.release()
    this.#operators?.release()
  }

  /** A binding of state to the places of a call; where everything crosses at fixed places, of that too. */
  #boundTo(call: Call<BoundPlace>): Bound {
    const at = this.#bound.findIndex((each) => areSame(each.states, call.states) && areSame(each.next, call.next))
    const [known] = at < 0 ? [] : this.#bound.splice(at, 1)
    const bound = known ?? this.#bind(call)
    this.#bound.push(bound)
    if (this.#bound.length > mostBindings) for (const oldest of this.#bound.splice(0, 1)) this.#unbind(oldest)
    return bound
  }

  #bind({ feeds, states, next, outputs }: Call<BoundPlace>): Bound {
    const api = this.#api
    const binding = api.make('CreateIoBinding', this.address)
    for (const [name, { value }] of states) api.call('BindInput', binding, name, value)
    for (const [name, { value }] of next) api.call('BindOutput', binding, name, value)
    const bound = { binding, states: new Map(states), next: new Map(next) }
    if (this.#crossings === undefined) return { ...bound, runOptions: undefined }
    for (const [name, data] of feeds) {
      api.call('BindInput', binding, name, this.#crossings.tensor(name, data, this.#shapeOf(name)))
    }
    for (const [name, data] of outputs) {
      api.call('BindOutput', binding, name, this.#crossings.tensor(name, data, this.#shapeOf(name)))
    }
    const runOptions = api.make('CreateRunOptions')
    this.#recordings += 1
    api.call('AddRunConfigEntry', runOptions, 'gpu_graph_id', `${this.#recordings}`)
    return { ...bound, runOptions }
  }

  #unbind({ binding, runOptions }: Bound): void {
    this.#api.release('IoBinding', binding)
    if (runOptions !== undefined) this.#api.release('RunOptions', runOptions)
  }

  #shapeOf(name: string): Shape {
    const shape = this.#shapes.get(name)
    if (shape === undefined) throw internalError(`The model has no tensor ${name}.`)
    return shape
  }

  /** The binding keeps the tensor, so it is given back here; the array is the caller's, to the end of the run. */
  #bindArray(
    binding: Address,
    how: 'BindInput' | 'BindOutput',
    { name, data }: { readonly name: string; readonly data: Numbers },
  ): void {
    const value = tensorOver(this.#api, this.#host, data, this.#shapeOf(name))
    try {
      this.#api.call(how, binding, name, value)
    } finally {
      this.#api.release('Value', value)
    }
  }
}

const areSame = (a: ReadonlyMap<string, BoundPlace>, b: ReadonlyMap<string, BoundPlace>): boolean =>
  a.size === b.size && [...a].every(([name, place]) => b.get(name) === place)
