/** Bytes that come in chunks, taken in pieces of any length. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array, void, undefined>
  #rest: Uint8Array = new Uint8Array()

  constructor(chunks: AsyncIterator<Uint8Array, void, undefined>) {
    this.#chunks = chunks
  }

  /** Fills an array with the bytes that follow, and says how many there were: fewer only at the end. */
  async fill(bytes: Uint8Array): Promise<number> {
    let filled = 0
    while (filled < bytes.length) {
      if (this.#rest.length === 0) {
        const { done, value } = await this.#chunks.next()
        if (done === true || value === undefined) break
        this.#rest = value
      }
      const part = this.#rest.subarray(0, bytes.length - filled)
      bytes.set(part, filled)
      filled += part.length
      this.#rest = this.#rest.subarray(part.length)
    }
    return filled
  }

  /** Ends what the bytes come from. */
  async close(): Promise<void> {
    await this.#chunks.return?.()
  }
}
