import type { Address } from '../capi/ort-api.js'
import type { CudaLibraries } from './libraries.js'

/** Memory of a device that one kernel after another may write to. */
export class Workspace {
  readonly #libraries: CudaLibraries
  #address: Address = 0n
  #size = 0
  /** Of fewer bytes: runs that were recorded may write there. */
  readonly #earlier: Address[] = []

  constructor(libraries: CudaLibraries) {
    this.#libraries = libraries
  }

  /** Its address, when it has at least so many bytes. */
  atLeast(size: number): Address {
    if (size > this.#size) {
      if (this.#size > 0) this.#earlier.push(this.#address)
      this.#address = this.#libraries.runtime.create('cudaMalloc', size)
      this.#size = size
    }
    return this.#address
  }

  release(): void {
    // It waits for what still uses the memory.
    const all = this.#size > 0 ? [...this.#earlier, this.#address] : []
    for (const address of all) this.#libraries.runtime.call('cudaFree', address)
    this.#earlier.length = 0
    this.#address = 0n
    this.#size = 0
  }
}
