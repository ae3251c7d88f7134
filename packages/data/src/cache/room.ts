/** The bytes that may still be kept. Threads share it: each makes its own of the same memory. */
export class Room {
  readonly shared: SharedArrayBuffer
  readonly #bytes: BigInt64Array
  readonly #isClosed: Int32Array

  constructor(room: SharedArrayBuffer | number) {
    this.shared = typeof room === 'number' ? new SharedArrayBuffer(16) : room
    this.#bytes = new BigInt64Array(this.shared, 0, 1)
    this.#isClosed = new Int32Array(this.shared, 8, 1)
    if (typeof room === 'number') Atomics.store(this.#bytes, 0, BigInt(Math.floor(room)))
  }

  /** Takes so many bytes, if there are as many. */
  take(bytes: number): boolean {
    const wanted = BigInt(bytes)
    if (Atomics.sub(this.#bytes, 0, wanted) >= wanted) return true
    Atomics.add(this.#bytes, 0, wanted)
    return false
  }

  giveBack(bytes: number): void {
    Atomics.add(this.#bytes, 0, BigInt(bytes))
  }

  /** From now on nothing is kept, in no thread. */
  close(): void {
    Atomics.store(this.#isClosed, 0, 1)
  }

  get isClosed(): boolean {
    return Atomics.load(this.#isClosed, 0) === 1
  }
}
