import { oneOf } from '@convzoo/core/define'

/** How the values of a tensor stand in a file: in four bytes, or rounded to two. */
export type Storage = 'float32' | 'bfloat16' | 'float16'

/** A way to store float32 values. */
interface StorageType {
  /** As the format calls it. */
  readonly dtype: string
  /** Of one value. */
  readonly bytes: number
}

export const storages = {
  float32: { dtype: 'F32', bytes: 4 },
  bfloat16: { dtype: 'BF16', bytes: 2 },
  float16: { dtype: 'F16', bytes: 2 },
} as const satisfies Readonly<Record<Storage, StorageType>>

/** How tensors stand in a file, as an option. */
export const storageOption = oneOf('float32', 'bfloat16', 'float16')

/** The storage of this type of the format; undefined for one that is none of them. */
export function storageOf(dtype: unknown): Storage | undefined {
  const names = ['float32', 'bfloat16', 'float16'] as const
  return names.find((name) => storages[name].dtype === dtype)
}

const scratch = new DataView(new ArrayBuffer(4))

const bitsOf = (value: number): number => {
  scratch.setFloat32(0, value)
  return scratch.getUint32(0)
}

/** To the nearest whole number, and from the middle to the even one. */
function rounded(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor
}

/** The first half of a float32, rounded; what would be infinite is the largest number that is not. */
function brainOf(value: number): number {
  const bits = bitsOf(value)
  return Math.min(rounded((bits % 2 ** 31) / 2 ** 16), 0x7f7f) + (bits >= 2 ** 31 ? 2 ** 15 : 0)
}

/** IEEE 754 binary16, rounded; what is beyond ±65504 is that. */
function halfOf(value: number): number {
  const size = Math.abs(value)
  const sign = bitsOf(value) >= 2 ** 31 ? 2 ** 15 : 0
  if (size < 2 ** -14) return sign + rounded(size * 2 ** 24)
  const exponent = ((bitsOf(value) >>> 23) & 255) - 127
  // A fraction that is rounded up to one carries into the exponent.
  return sign + Math.min((exponent + 15) * 1024 + rounded((size / 2 ** exponent - 1) * 1024), 0x7bff)
}

/** The values of two bytes. */
export const readHalf = {
  bfloat16: (bits: number): number => {
    scratch.setUint32(0, bits * 2 ** 16)
    return scratch.getFloat32(0)
  },
  float16: (bits: number): number => {
    const sign = bits >= 2 ** 15 ? -1 : 1
    const exponent = (bits >> 10) & 31
    const fraction = bits & 1023
    if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
    return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
  },
}

/** The bytes of values in a file. */
export function storedBytes(data: Float32Array, storage: Storage): Uint8Array {
  if (storage === 'float32') return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  const encode = storage === 'bfloat16' ? brainOf : halfOf
  const bytes = new DataView(new ArrayBuffer(2 * data.length))
  data.forEach((value, index) => {
    bytes.setUint16(2 * index, encode(value), true)
  })
  return new Uint8Array(bytes.buffer)
}

/** The values that two bytes each say. */
export function valuesOf(bytes: Uint8Array, storage: Exclude<Storage, 'float32'>): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const read = readHalf[storage]
  return Float32Array.from({ length: bytes.length / 2 }, (_, index) => read(view.getUint16(2 * index, true)))
}
