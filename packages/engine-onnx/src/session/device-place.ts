import type { Shape } from '@convzoo/core'
import { sizeOf } from '@convzoo/core/define'
import type { Address, OrtApi } from '../capi/ort-api.js'
import { dimensionsOf, floatElement, tensorOver } from '../capi/values.js'
import type { BoundPlace, BoundSession } from './bound-session.js'

interface Device {
  /** Of the memory of the device. */
  readonly allocator: Address
  /** What kind of memory the process has. */
  readonly host: Address
  /** A session that hands on what it is given. */
  readonly passing: BoundSession
}

/**
 * State in the memory of a device. It crosses when someone reads or writes it: ONNX Runtime brings what is bound to a session to where
 * the session needs it.
 */
export class DevicePlace implements BoundPlace {
  readonly value: Address
  readonly #api: OrtApi
  readonly #shape: Shape
  readonly #device: Device

  constructor(api: OrtApi, shape: Shape, device: Device) {
    this.#api = api
    this.#shape = shape
    this.#device = device
    this.value = api.make('CreateTensorAsOrtValue', device.allocator, dimensionsOf(shape), shape.length, floatElement)
    this.write(new Float32Array(sizeOf(shape)))
  }

  read(): Float32Array {
    const data = new Float32Array(sizeOf(this.#shape))
    this.#across(data, (outside) => this.#device.passing.pass(this.value, outside))
    return data
  }

  write(data: Float32Array): void {
    this.#across(data, (outside) => this.#device.passing.pass(outside, this.value))
  }

  release(): void {
    this.#api.release('Value', this.value)
  }

  #across(data: Float32Array, copy: (outside: Address) => void): void {
    const outside = tensorOver(this.#api, this.#device.host, data, this.#shape)
    try {
      copy(outside)
    } finally {
      this.#api.release('Value', outside)
    }
  }
}
