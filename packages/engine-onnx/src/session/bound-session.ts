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

/** A session whose inputs and outputs are bound to memory before each run: it reads and writes there. */
export class BoundSession implements Session<BoundPlace> {
  readonly address: Address
  readonly #api: OrtApi
  readonly #host: Address
  readonly #binding: Address
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
    this.#binding = api.make('CreateIoBinding', this.address)
  }

  async run({ feeds, states, next, outputs }: Call<BoundPlace>): Promise<void> {
    for (const [name, data] of feeds) {
      this.#pin?.(data)
      this.#bindArray('BindInput', name, data)
    }
    for (const [name, { value }] of states) this.#api.call('BindInput', this.#binding, name, value)
    for (const [name, { value }] of next) this.#api.call('BindOutput', this.#binding, name, value)
    for (const [name, data] of outputs) this.#bindArray('BindOutput', name, data)
    try {
      this.#api.call('RunWithBinding', this.address, null, this.#binding)
    } finally {
      // What one of them failed with says more than what ONNX Runtime then missed.
      this.#operators?.check()
    }
  }

  /** Of a session of `passingModel`: copies one tensor into the other. */
  pass(from: Address, to: Address): void {
    this.#api.call('BindInput', this.#binding, passedInput, from)
    this.#api.call('BindOutput', this.#binding, passedOutput, to)
    this.#api.call('RunWithBinding', this.address, null, this.#binding)
  }

  async release(): Promise<void> {
    this.#api.release('IoBinding', this.#binding)
    this.#api.release('Session', this.address)
    this.#operators?.release()
  }

  /** The binding keeps the tensor, so it is given back here; the array is the caller's, to the end of the run. */
  #bindArray(how: 'BindInput' | 'BindOutput', name: string, data: Numbers): void {
    const shape = this.#shapes.get(name)
    if (shape === undefined) throw internalError(`The model has no tensor ${name}.`)
    const value = tensorOver(this.#api, this.#host, data, shape)
    try {
      this.#api.call(how, this.#binding, name, value)
    } finally {
      this.#api.release('Value', value)
    }
  }
}
