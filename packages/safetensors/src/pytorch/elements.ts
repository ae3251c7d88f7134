import { sizeOf } from '@convzoo/core/define'
import type { TensorValue } from './values.js'

/** Whether float32 lies in memory here as it does in a file of that byte order. */
const hostIsLittle = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** The elements of a tensor as float32, row-major. `bytes` are those of its storage, which are not changed, and may be shared. */
export function elementsOf(
  { storage, offset, shape, strides }: TensorValue,
  bytes: Uint8Array<ArrayBuffer>,
  littleEndian: boolean,
): Float32Array<ArrayBuffer> {
  const { elements } = storage
  const count = sizeOf(shape)
  if (elements.name === 'float32' && littleEndian === hostIsLittle && isRowMajor(shape, strides)) {
    return new Float32Array(bytes.buffer, bytes.byteOffset, storage.length).slice(offset, offset + count)
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const data = new Float32Array(count)
  const place = shape.map(() => 0)
  let at = offset
  for (let index = 0; index < count; index++) {
    data[index] = elements.read(view, at * elements.bytes, littleEndian)
    // The next place counts up the last axis first, as an odometer does.
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (place[axis] ?? 0) + 1
      at += strides[axis] ?? 0
      if (next < (shape[axis] ?? 0)) {
        place[axis] = next
        break
      }
      place[axis] = 0
      at -= next * (strides[axis] ?? 0)
    }
  }
  return data
}

function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  let step = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== step) return false
    step *= shape[axis] ?? 1
  }
  return true
}
