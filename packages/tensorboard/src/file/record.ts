import { crc32c } from '@convzoo/files'

/** Bytes before the data of a record, and after. */
const [head, tail] = [12, 4]

/** A sum of data that hold such sums themselves: turned and moved, as TensorFlow's `tsl/lib/hash/crc32c.h` has it. */
function maskedSum(bytes: Uint8Array): number {
  const sum = crc32c(bytes)
  return (((sum >>> 15) | (sum << 17)) + 0xa282ead8) >>> 0
}

/** A record of a TFRecord file: its length in 8 bytes and their sum, the data and their sum, little-endian. */
export function recordOf(data: Uint8Array): Uint8Array {
  const record = new Uint8Array(head + data.length + tail)
  const view = new DataView(record.buffer)
  view.setBigUint64(0, BigInt(data.length), true)
  view.setUint32(8, maskedSum(record.subarray(0, 8)), true)
  record.set(data, head)
  view.setUint32(head + data.length, maskedSum(data), true)
  return record
}

/**
 * The data of a file's records. A last one that is cut off is none, as of a process that was killed; after one that is damaged nothing can
 * be known.
 */
export function* recordsOf(file: Uint8Array): Generator<Uint8Array, void, undefined> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  for (let at = 0; at + head <= file.length; ) {
    if (view.getUint32(at + 8, true) !== maskedSum(file.subarray(at, at + 8))) return
    const end = at + head + Number(view.getBigUint64(at, true))
    if (end + tail > file.length) return
    const data = file.subarray(at + head, end)
    if (view.getUint32(end, true) !== maskedSum(data)) return
    yield data
    at = end + tail
  }
}
