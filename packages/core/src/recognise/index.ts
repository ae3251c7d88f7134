export {
  isAbortSignal,
  isArrayBuffer,
  isAsyncIterable,
  isError,
  isIterable,
  isPromise,
  isRegExp,
  isSharedArrayBuffer,
  messageOf,
} from './builtins.js'
export { type DefinedKind, definedKind, definedMark } from './defined.js'
export {
  isFloat32Array,
  isFloat64Array,
  isNumbers,
  isTypedArray,
  isUint8Array,
  isUint32Array,
} from './typed-arrays.js'
