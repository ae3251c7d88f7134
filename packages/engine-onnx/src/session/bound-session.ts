import type { Shape } from '@convzoo/core'
import { internalError } from '@convzoo/core/define'
import { passedInput, passedOutput } from '@convzoo/onnx'
import type { OperatorDomain } from '../capi/operator-domain.js'
import type { Address, OrtApi } from '../capi/ort-api.js'
import { type Numbers, tensorOver } from '../capi/values.js'
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
}

/** A binding, and the places that it is bound to. */
interface Bound {
  readonly binding: Address
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
  /** The one that was used last, last. */
  readonly #bound: Bound[] = []
  readonly #shapes: ReadonlyMap<string, Shape>
  readonly #operators: OperatorDomain | undefined
  readonly #pin: Opening['pin']

  constructor(api: OrtApi, { env, options, host, model, shapes, operators, pin }: Opening) {
    this.#operators = operators
    this.#pin = pin
    this.#api = api
    this.#host = host
    this.#shapes = shapes
    this.address = api.make('CreateSessionFromArray', env, model, model.byteLength, options)
  }

  async run({ feeds, states, next, outputs }: Call<BoundPlace>): Promise<void> {
    const binding = this.#boundTo(states, next)
    for (const [name, data] of feeds) {
      this.#pin?.(data)
      this.#bindArray(binding, 'BindInput', { name, data })
    }
    for (const [name, data] of outputs) this.#bindArray(binding, 'BindOutput', { name, data })
    try {
      this.#api.call('RunWithBinding', this.address, null, binding)
    } finally {
      // What one of them failed with says more than what ONNX Runtime then missed.
      this.#operators?.check()
    }
  }

  /** Of a session of `passingModel`: copies one tensor into the other. */
  pass(from: Address, to: Address): void {
    const binding = this.#boundTo(new Map(), new Map())
    this.#api.call('BindInput', binding, passedInput, from)
    this.#api.call('BindOutput', binding, passedOutput, to)
    this.#api.call('RunWithBinding', this.address, null, binding)
  }

  async release(): Promise<void> {
    for (const { binding } of this.#bound) this.#api.release('IoBinding', binding)
    this.#api.release('Session', this.address)
    this.#operators?.release()
  }

  /** A binding of state to these places. */
  #boundTo(states: Call<BoundPlace>['states'], next: Call<BoundPlace>['next']): Address {
    const at = this.#bound.findIndex((each) => areSame(each.states, states) && areSame(each.next, next))
    const [known] = at < 0 ? [] : this.#bound.splice(at, 1)
    const bound = known ?? this.#bind(states, next)
    this.#bound.push(bound)
    if (this.#bound.length > mostBindings) {
      for (const { binding } of this.#bound.splice(0, 1)) this.#api.release('IoBinding', binding)
    }
    return bound.binding
  }

  #bind(states: Call<BoundPlace>['states'], next: Call<BoundPlace>['next']): Bound {
    const binding = this.#api.make('CreateIoBinding', this.address)
    for (const [name, { value }] of states) this.#api.call('BindInput', binding, name, value)
    for (const [name, { value }] of next) this.#api.call('BindOutput', binding, name, value)
    return { binding, states: new Map(states), next: new Map(next) }
  }

  /** The binding keeps the tensor, so it is given back here; the array is the caller's, to the end of the run. */
  #bindArray(
    binding: Address,
    how: 'BindInput' | 'BindOutput',
    { name, data }: { readonly name: string; readonly data: Numbers },
  ): void {
    const shape = this.#shapes.get(name)
    if (shape === undefined) throw internalError(`The model has no tensor ${name}.`)
    const value = tensorOver(this.#api, this.#host, data, shape)
    try {
      this.#api.call(how, binding, name, value)
    } finally {
      this.#api.release('Value', value)
    }
  }
}

const areSame = (a: ReadonlyMap<string, BoundPlace>, b: ReadonlyMap<string, BoundPlace>): boolean =>
  a.size === b.size && [...a].every(([name, place]) => b.get(name) === place)
