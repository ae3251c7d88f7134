import { wordFor } from '../text/printable.js'

/**
 * What the platform makes, by tag or by what it can do, not by `instanceof`: an error, a pattern or a signal of another realm (a
 * `node:vm` context, a test runner, a frame) is no instance of this realm's classes.
 */

const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice('[object '.length, -1)

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

const hasMethods = (value: unknown, ...names: readonly string[]): boolean =>
  isObject(value) && names.every((name) => typeof Reflect.get(value, name) === 'function')

/** Whether this is an error, of whatever realm and class; a `DOMException`, such as an abort, is one. */
export function isError(value: unknown): value is Error {
  // An error that names itself by a tag of its own is known by this realm's class at least.
  return value instanceof Error || ['Error', 'DOMException'].includes(tagOf(value))
}

/** What an error says; anything else that was thrown, as text. */
export function messageOf(thrown: unknown): string {
  return isError(thrown) ? thrown.message : wordFor(thrown)
}

/** Whether this is a regular expression, of whatever realm. */
export function isRegExp(value: unknown): value is RegExp {
  return tagOf(value) === 'RegExp'
}

/** Whether this is an `ArrayBuffer`, of whatever realm; a shared one is none. */
export function isArrayBuffer(value: unknown): value is ArrayBuffer {
  return tagOf(value) === 'ArrayBuffer'
}

export function isSharedArrayBuffer(value: unknown): value is SharedArrayBuffer {
  return tagOf(value) === 'SharedArrayBuffer'
}

/** Whether this is an object that the platform has no kind of its own for: no list, date, map, array of numbers or controller. */
export function isPlain(value: unknown): value is object {
  return isObject(value) && ['Object', 'Module'].includes(tagOf(value))
}

/** Whether this can be awaited for a later value. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return hasMethods(value, 'then')
}

/** Whether this can be read in a loop: a list, a set, what a generator gives. A text is none. */
export function isIterable(value: unknown): value is Iterable<unknown> {
  return isObject(value) && Symbol.iterator in value && typeof value[Symbol.iterator] === 'function'
}

/** Whether this can be read in a loop that awaits. */
export function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return isObject(value) && Symbol.asyncIterator in value && typeof value[Symbol.asyncIterator] === 'function'
}

/** Whether this is an `AbortSignal`, of whatever realm or polyfill. */
export function isAbortSignal(value: unknown): value is AbortSignal {
  return isObject(value) && 'aborted' in value && hasMethods(value, 'addEventListener', 'removeEventListener')
}
