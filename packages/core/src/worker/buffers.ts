import { isArrayBuffer } from '../recognise/index.js'
/** The memory behind arrays, which can be handed to another thread. */
export function buffersOf(arrays: Readonly<Record<string, { readonly buffer: ArrayBufferLike }>>): ArrayBuffer[] {
  return Object.values(arrays).flatMap(({ buffer }) => (isArrayBuffer(buffer) ? [buffer] : []))
}
