import { Refused } from './refused.js'

/** Reads a pickle from its start. @throws Refused where it ends too early. */
export class PickleBytes {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Where the next byte lies. */
  get position(): number {
    return this.#at
  }

  byte(): number {
    return this.#view.getUint8(this.#next(1))
  }

  uint16(): number {
    return this.#view.getUint16(this.#next(2), true)
  }

  uint32(): number {
    return this.#view.getUint32(this.#next(4), true)
  }

  int32(): number {
    return this.#view.getInt32(this.#next(4), true)
  }

  uint64(): number {
    return Number(this.#view.getBigUint64(this.#next(8), true))
  }

  float64(): number {
    return this.#view.getFloat64(this.#next(8), false)
  }

  /** A whole number in two's complement, the lowest byte first. */
  wholeNumber(length: number): number | bigint {
    if (length > 16) throw new Refused(`a pickle with a whole number of ${length} bytes`)
    const start = this.#next(length)
    let value = 0n
    for (let index = length - 1; index >= 0; index--) value = value * 256n + BigInt(this.#view.getUint8(start + index))
    if (length > 0) value = BigInt.asIntN(8 * length, value)
    return Number.isSafeInteger(Number(value)) ? Number(value) : value
  }

  text(length: number): string {
    const start = this.#next(length)
    return decoded(this.#bytes.subarray(start, start + length))
  }

  /** To the end of a line, which is no part of it. */
  line(): string {
    const end = this.#bytes.indexOf(0x0a, this.#at)
    if (end < 0) throw new Refused('a pickle that is cut off')
    const text = decoded(this.#bytes.subarray(this.#at, end))
    this.#at = end + 1
    return text
  }

  #next(length: number): number {
    if (length > this.#bytes.length - this.#at) throw new Refused('a pickle that is cut off')
    const start = this.#at
    this.#at += length
    return start
  }
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new Refused('a pickle with a text that is not UTF-8')
  }
}
