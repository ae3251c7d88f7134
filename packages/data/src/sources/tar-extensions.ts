import { parsePax, type TarHeader } from './tar-header.js'

/** No system has longer names of files, in bytes. */
const longestName = 4096

/** Attributes that come with a name: what is longer is not read. */
const longestPax = 2 ** 20

/** What headers before a member's own say of it: a name that is longer than 100 bytes, a size beyond 8 GB. */
export class TarExtensions {
  #name: string | undefined
  #size: number | undefined

  /** Bytes of an extension's contents that are to be read; undefined for a header that is none. */
  static lengthOf({ flag, size }: TarHeader): number | undefined {
    if (flag !== 'x' && flag !== 'L') return flag === 'g' || flag === 'K' ? 0 : undefined
    const most = flag === 'x' ? longestPax : longestName + 1
    if (size > most) throw new Error(`a name in ${size} bytes, where ${most} are enough`)
    return size
  }

  /** @throws Error that says why in a few words, if a member cannot be called so, or be so large. */
  add({ flag }: TarHeader, bytes: Buffer): void {
    if (flag === 'L') this.#name = bytes.toString('utf8').split('\0', 1)[0]
    if (flag === 'x') {
      const records = parsePax(bytes)
      const size = records.get('size')
      if (size !== undefined && !/^\d+$/.test(size)) throw new Error('a header without a size')
      this.#name = records.get('path') ?? this.#name
      if (size !== undefined) this.#size = Number(size)
    }
    const length = this.#name?.length ?? 0
    if (length > longestName) throw new Error(`a name of ${length} characters, where ${longestName} are enough`)
  }

  /** A member's header as they have it. */
  applyTo(header: TarHeader): TarHeader {
    const whole = { ...header, name: this.#name ?? header.name, size: this.#size ?? header.size }
    this.#name = undefined
    this.#size = undefined
    return whole
  }
}
