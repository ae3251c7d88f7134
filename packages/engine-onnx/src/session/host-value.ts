import type { Shape } from '@convzoo/core'
import { sizeOf } from '@convzoo/core/define'
import type { Address, OrtApi } from '../capi/ort-api.js'
import { tensorOver } from '../capi/values.js'
import type { BoundPlace } from './bound-session.js'
import { HostPlace } from './host-place.js'

/** State in the memory of the process, which sessions read and write where it is. */
export class HostValue extends HostPlace implements BoundPlace {
  readonly value: Address
  readonly #api: OrtApi

  constructor(api: OrtApi, host: Address, shape: Shape) {
    super(sizeOf(shape))
    this.#api = api
    this.value = tensorOver(api, host, this.data, shape)
  }

  override release(): void {
    this.#api.release('Value', this.value)
  }
}
