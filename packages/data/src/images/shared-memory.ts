/** Spare blocks that are kept. */
const most = 16

/**
 * Memory that threads share, for batches in the making: used again, since V8 counts none of it and so frees it late. Batches that were
 * moved from thread to thread in memory of their own had it look for rubbish with each of them, a tenth of the processor time.
 */
export class SharedMemory {
  readonly #spare: SharedArrayBuffer[] = []

  /** So many numbers, whatever they were before. */
  take(length: number): Float32Array<SharedArrayBuffer> {
    const bytes = length * Float32Array.BYTES_PER_ELEMENT
    const place = this.#spare.findIndex(({ byteLength }) => byteLength >= bytes)
    const [found = new SharedArrayBuffer(bytes)] = place < 0 ? [] : this.#spare.splice(place, 1)
    return new Float32Array(found, 0, length)
  }

  /** Takes memory back that nobody reads or writes any more. */
  give({ buffer }: Float32Array<SharedArrayBuffer>): void {
    this.#spare.push(buffer)
    // The least is of least use.
    this.#spare.sort((one, other) => one.byteLength - other.byteLength)
    if (this.#spare.length > most) this.#spare.shift()
  }
}
