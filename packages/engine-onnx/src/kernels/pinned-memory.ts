import { isSharedArrayBuffer } from '@convzoo/core/define'
import type { Address } from '../capi/ort-api.js'
import type { CudaLibraries } from './libraries.js'

/** Bytes below which it is not worth it. */
const smallest = 2 ** 20

/** As many as batches are under way, and some. */
const most = 16

/**
 * Memory of the process that a device may read by itself: it crosses the bus faster. What both threads see stays where it is, so it is
 * told of once; it is kept as long as the device knows of it.
 */
export class PinnedMemory {
  readonly #libraries: CudaLibraries
  /** The oldest first. */
  readonly #known = new Map<Address, ArrayBufferLike>()
  #isPossible = true

  constructor(libraries: CudaLibraries) {
    this.#libraries = libraries
  }

  /** What cannot be pinned crosses like other memory. */
  pin({ buffer }: NodeJS.TypedArray): void {
    if (!this.#isPossible || !isSharedArrayBuffer(buffer) || buffer.byteLength < smallest) return
    const { runtime } = this.#libraries
    const address = runtime.addressOf(new Uint8Array(buffer))
    if (this.#known.has(address)) return
    const [oldest] = this.#known.keys()
    if (oldest !== undefined && this.#known.size >= most) this.#forget(oldest)
    try {
      runtime.call('cudaHostRegister', address, buffer.byteLength, 0)
      this.#known.set(address, buffer)
    } catch {
      this.#isPossible = false
    }
  }

  release(): void {
    for (const address of [...this.#known.keys()]) this.#forget(address)
  }

  #forget(address: Address): void {
    this.#libraries.runtime.call('cudaHostUnregister', address)
    this.#known.delete(address)
  }
}
