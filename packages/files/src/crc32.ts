import { isUint8Array, matching, requireArguments } from '@convzoo/core/define'

const bytesKind = matching('a Uint8Array', isUint8Array)

/** The checksum of 32 bits by a polynomial, its bits in reverse. */
function checksumOf(name: string, polynomial: number): (bytes: Uint8Array) => number {
  const table = Int32Array.from({ length: 256 }, (_, byte) => {
    let rest = byte
    for (let bit = 0; bit < 8; bit++) rest = rest % 2 === 0 ? rest >>> 1 : (rest >>> 1) ^ polynomial
    return rest
  })
  return (bytes) => {
    requireArguments(name, { bytes: [bytesKind, bytes] })
    let rest = -1
    for (let at = 0; at < bytes.length; at++) {
      rest = (rest >>> 8) ^ (table[(rest ^ (bytes[at] ?? 0)) & 255] ?? 0)
    }
    return (rest ^ -1) >>> 0
  }
}

/**
 * The checksum of zip archives and of PNG: ISO 3309. Node.js has it from 20.15 on.
 *
 * @throws ConvzooError of kind `option` for what are no bytes.
 * @example
 * crc32(new TextEncoder().encode('123456789')) // 0xcbf43926
 */
export const crc32 = checksumOf('crc32', 0xedb88320)

/**
 * The checksum of iSCSI and of TensorFlow's records, CRC-32C: RFC 3720.
 *
 * @throws ConvzooError of kind `option` for what are no bytes.
 * @example
 * crc32c(new TextEncoder().encode('123456789')) // 0xe3069283
 */
export const crc32c = checksumOf('crc32c', 0x82f63b78)
