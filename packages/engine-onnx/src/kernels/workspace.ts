import type { Address } from '../capi/ort-api.js'
import type { CudaLibraries } from './libraries.js'

/** Memory of a device that one kernel after another may write to. */
export class Workspace {
  readonly #libraries: CudaLibraries
  #address: Address = 0n
  #size = 0

  constructor(libraries: CudaLibraries) {
    this.#libraries = libraries
  }

  /** Its address, when it has at least so many bytes. */
  atLeast(size: number): Address {
    if (size > this.#size) {
      this.release()
      this.#address = this.#libraries.runtime.create('cudaMalloc', size)
      this.#size = size
    }
    return this.#address
  }

  release(): void {
    // It waits for what still uses the memory.
    if (this.#size > 0) this.#libraries.runtime.call('cudaFree', this.#address)
    this.#address = 0n
    this.#size = 0
  }
}
