import { writeFileSync } from 'node:fs'

const dtypes = new Map([
  [Float32Array, 'F32'],
  [Uint32Array, 'U32'],
  [Uint8Array, 'U8'],
])

/**
 * Writes tensors `{ name, shape, data }` as a safetensors file: the header's length, the header as JSON, the elements.
 * Elements are little-endian, as every processor that Node.js runs on.
 */
export function writeSafetensors(path, tensors, metadata = {}) {
  const header = { __metadata__: metadata }
  let offset = 0
  for (const { name, shape, data } of tensors) {
    header[name] = { dtype: dtypes.get(data.constructor), shape, data_offsets: [offset, offset + data.byteLength] }
    offset += data.byteLength
  }
  const text = JSON.stringify(header)
  const padded = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 8) * 8))
  const length = new BigUint64Array([BigInt(padded.length)])
  const parts = [length, padded, ...tensors.map(({ data }) => data)]
  writeFileSync(
    path,
    Buffer.concat(parts.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength))),
  )
}
