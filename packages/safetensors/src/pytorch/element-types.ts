import { Refused } from './refused.js'

/** How the elements of a storage are written, and how they become float32. */
export interface ElementType {
  /** As PyTorch calls it. */
  readonly name: string
  /** Of one element. */
  readonly bytes: number
  readonly read: (bytes: DataView, at: number, littleEndian: boolean) => number
}

const scratch = new DataView(new ArrayBuffer(4))

/** The first half of a float32. */
function brain(bytes: DataView, at: number, littleEndian: boolean): number {
  scratch.setUint32(0, bytes.getUint16(at, littleEndian) * 2 ** 16)
  return scratch.getFloat32(0)
}

/** IEEE 754 binary16. */
function half(bytes: DataView, at: number, littleEndian: boolean): number {
  const bits = bytes.getUint16(at, littleEndian)
  const sign = bits >= 2 ** 15 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** Whole numbers up to which every one is a float32. */
const largestWhole = 2 ** 24

function whole(value: number | bigint): number {
  if (value <= largestWhole && value >= -largestWhole) return Number(value)
  throw new Refused(`the whole number ${value}, which is no float32`, 'leave out what is no weight')
}

/** The storages of PyTorch that can become float32 without loss, but for double precision, which is rounded. */
export const elementTypes: Readonly<Record<string, ElementType>> = {
  FloatStorage: { name: 'float32', bytes: 4, read: (view, at, little) => view.getFloat32(at, little) },
  DoubleStorage: { name: 'float64', bytes: 8, read: (view, at, little) => view.getFloat64(at, little) },
  HalfStorage: { name: 'float16', bytes: 2, read: half },
  BFloat16Storage: { name: 'bfloat16', bytes: 2, read: brain },
  LongStorage: { name: 'int64', bytes: 8, read: (view, at, little) => whole(view.getBigInt64(at, little)) },
  IntStorage: { name: 'int32', bytes: 4, read: (view, at, little) => whole(view.getInt32(at, little)) },
  ShortStorage: { name: 'int16', bytes: 2, read: (view, at, little) => view.getInt16(at, little) },
  CharStorage: { name: 'int8', bytes: 1, read: (view, at) => view.getInt8(at) },
  ByteStorage: { name: 'uint8', bytes: 1, read: (view, at) => view.getUint8(at) },
  BoolStorage: { name: 'bool', bytes: 1, read: (view, at) => view.getUint8(at) },
}
