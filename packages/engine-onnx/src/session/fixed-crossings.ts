import type { Shape } from '@convzoo/core'
import { internalError } from '@convzoo/core/define'
import type { Copier } from '../capi/operator-domain.js'
import type { Address, OrtApi } from '../capi/ort-api.js'
import { dimensionsOf, elementTypeOf, type Numbers } from '../capi/values.js'

interface Tensor {
  readonly value: Address
  readonly memory: Address
}

/**
 * What crosses to a device and back, in memory of the device that stays where it is: a run that is recorded with its addresses can be
 * replayed.
 */
export class FixedCrossings {
  readonly #api: OrtApi
  readonly #allocator: Address
  readonly #copier: Copier
  readonly #tensors = new Map<string, Tensor>()

  /** @param allocator Of the memory of the device. */
  constructor(api: OrtApi, allocator: Address, copier: Copier) {
    this.#api = api
    this.#allocator = allocator
    this.#copier = copier
  }

  /** The tensor of a name, made when it is first asked for. */
  tensor(name: string, data: Numbers, shape: Shape): Address {
    const known = this.#tensors.get(name)
    if (known !== undefined) return known.value
    const type = elementTypeOf(data)
    const value = this.#api.make('CreateTensorAsOrtValue', this.#allocator, dimensionsOf(shape), shape.length, type)
    this.#tensors.set(name, { value, memory: this.#api.make('GetTensorMutableData', value) })
    return value
  }

  bring(name: string, data: Numbers): void {
    if (data.length > 0) this.#copier.toDevice(this.#memory(name), data)
  }

  fetch(name: string, data: Numbers): void {
    if (data.length > 0) this.#copier.fromDevice(data, this.#memory(name))
  }

  release(): void {
    for (const { value } of this.#tensors.values()) this.#api.release('Value', value)
    this.#tensors.clear()
  }

  #memory(name: string): Address {
    const tensor = this.#tensors.get(name)
    if (tensor === undefined) throw internalError(`Nothing crosses as ${name}.`)
    return tensor.memory
  }
}
