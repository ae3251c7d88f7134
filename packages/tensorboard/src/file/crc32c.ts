const table = Int32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte
  for (let bit = 0; bit < 8; bit++) rest = rest % 2 === 0 ? rest >>> 1 : (rest >>> 1) ^ 0x82f63b78
  return rest
})

/** The checksum of iSCSI, CRC-32C: RFC 3720, reflected polynomial 0x82f63b78. */
export function crc32c(bytes: Uint8Array): number {
  let rest = -1
  for (let at = 0; at < bytes.length; at++) {
    rest = (rest >>> 8) ^ (table[(rest ^ (bytes[at] ?? 0)) & 255] ?? 0)
  }
  return (rest ^ -1) >>> 0
}
