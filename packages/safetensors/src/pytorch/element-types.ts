import { readHalf } from '../storage.js'
import { Refused } from './refused.js'

/** How the elements of a storage are written, and how they become float32. */
export interface ElementType {
  /** As PyTorch calls it. */
  readonly name: string
  /** Of one element. */
  readonly bytes: number
  readonly read: (bytes: DataView, at: number, littleEndian: boolean) => number
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
  HalfStorage: { name: 'float16', bytes: 2, read: (view, at, little) => readHalf.float16(view.getUint16(at, little)) },
  BFloat16Storage: {
    name: 'bfloat16',
    bytes: 2,
    read: (view, at, little) => readHalf.bfloat16(view.getUint16(at, little)),
  },
  LongStorage: { name: 'int64', bytes: 8, read: (view, at, little) => whole(view.getBigInt64(at, little)) },
  IntStorage: { name: 'int32', bytes: 4, read: (view, at, little) => whole(view.getInt32(at, little)) },
  ShortStorage: { name: 'int16', bytes: 2, read: (view, at, little) => view.getInt16(at, little) },
  CharStorage: { name: 'int8', bytes: 1, read: (view, at) => view.getInt8(at) },
  ByteStorage: { name: 'uint8', bytes: 1, read: (view, at) => view.getUint8(at) },
  BoolStorage: { name: 'bool', bytes: 1, read: (view, at) => view.getUint8(at) },
}
