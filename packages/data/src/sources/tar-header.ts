/** What a block of a tar archive says of the member that follows it. POSIX.1-2017, pax, "ustar Interchange Format". */
export interface TarHeader {
  readonly name: string
  /** One character, `0` for a regular file. */
  readonly flag: string
  /** Bytes of its contents. */
  readonly size: number
}

/** An archive is made of blocks; a member's contents are filled up to one. */
export const blockBytes = 512

const checksumAt = 148
const checksumLength = 8
const space = 32

export const isZero = (block: Uint8Array): boolean => block[0] === 0 && block.every((byte) => byte === 0)

/** @throws Error that says why in a few words, if a block is no header. */
export function parseTarHeader(block: Buffer): TarHeader {
  let sum = checksumLength * space
  for (let at = 0; at < blockBytes; at++) {
    if (at < checksumAt || at >= checksumAt + checksumLength) sum += block[at] ?? 0
  }
  if (sum !== numberAt(block, checksumAt, checksumLength)) throw new Error('a header whose checksum is wrong')
  const size = numberAt(block, 124, 12)
  if (!(size >= 0)) throw new Error('a header without a size')
  const prefix = block.toString('latin1', 257, 263) === 'ustar\0' ? textAt(block, 345, 155) : ''
  const name = textAt(block, 0, 100)
  const flag = String.fromCharCode(block[156] ?? 0)
  return { name: prefix === '' ? name : `${prefix}/${name}`, flag: flag === '\0' ? '0' : flag, size }
}

/** Octal digits; or, as GNU has it for what is larger, a bit and then the number in bytes. */
function numberAt(block: Buffer, start: number, length: number): number {
  const first = block[start] ?? 0
  if (first === 0x80) {
    let value = 0
    for (let at = start + 1; at < start + length; at++) value = value * 256 + (block[at] ?? 0)
    return value
  }
  const digits = textAt(block, start, length).trim()
  return digits === '' ? 0 : /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN
}

function textAt(block: Buffer, start: number, length: number): string {
  const field = block.subarray(start, start + length)
  const end = field.indexOf(0)
  return field.toString('utf8', 0, end < 0 ? length : end)
}

/** The records of an extended header: `length keyword=value` and a line feed each, the length in bytes of all of it. */
export function parsePax(bytes: Buffer): ReadonlyMap<string, string> {
  const records = new Map<string, string>()
  for (let at = 0; at < bytes.length; ) {
    const separator = bytes.indexOf(space, at)
    if (separator <= at) break
    const length = Number(bytes.toString('latin1', at, separator))
    // What is no longer than its own length would be read for ever.
    if (!Number.isInteger(length) || length <= separator - at || at + length > bytes.length) break
    const record = bytes.toString('utf8', separator + 1, at + length - 1)
    const equals = record.indexOf('=')
    if (equals > 0) records.set(record.slice(0, equals), record.slice(equals + 1))
    at += length
  }
  return records
}
