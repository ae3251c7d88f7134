/**
 * Arrays of numbers by what they are, not by whose class made them: an array of another realm (a `node:vm` context, a test runner, a
 * frame) is no instance of this realm's classes, and holds the same numbers.
 */

/** The name of its kind as every typed array knows it from within, which no other object can pretend; `undefined` for what is none. */
const kindOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)?.get

const typedArrayKind = (value: unknown): unknown => kindOf?.call(value)

/** Any of the kinds of numbers that JavaScript has. */
export type TypedArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array

const kinds: readonly unknown[] = [
  ...['Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array'],
  ...['Float32Array', 'Float64Array'],
]

/** Whether this is a typed array of numbers, of whatever realm; those of big integers hold none. */
export function isTypedArray(value: unknown): value is TypedArray {
  return kinds.includes(typedArrayKind(value))
}

/** Whether this is a `Float32Array`, of whatever realm. */
export function isFloat32Array(value: unknown): value is Float32Array {
  return typedArrayKind(value) === 'Float32Array'
}

/** Whether this is a `Float64Array`, of whatever realm. */
export function isFloat64Array(value: unknown): value is Float64Array {
  return typedArrayKind(value) === 'Float64Array'
}

/** Whether this is a `Uint8Array`, of whatever realm; Node's `Buffer` is one. */
export function isUint8Array(value: unknown): value is Uint8Array {
  return typedArrayKind(value) === 'Uint8Array'
}

/** Whether this is a `Uint32Array`, of whatever realm. */
export function isUint32Array(value: unknown): value is Uint32Array {
  return typedArrayKind(value) === 'Uint32Array'
}

/** A list of numbers or a typed array of them: what is read by index and holds a finite or other number at each. */
export function isNumbers(value: unknown): value is readonly number[] | TypedArray {
  return isTypedArray(value) || (Array.isArray(value) && value.every((each) => typeof each === 'number'))
}
