import { definedKind, isAbortSignal, isPromise, isTypedArray } from '../recognise/index.js'

/** A value as it appears after `received:`. Long ones are cut. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'function') return functionOf(value)
  if (typeof value === 'symbol' || typeof value === 'bigint') return String(value)
  if (value === undefined) return 'undefined'
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value)
  if (isTypedArray(value)) return `${Object.prototype.toString.call(value).slice(8, -1)} of ${value.length} values`
  if (isPromise(value)) return 'a promise'
  const text = jsonOf(value)
  return text.length > 120 ? `${text.slice(0, 117)}...` : text
}

/** What whoever passed this where something else belongs may have meant; `undefined` where nothing can be told. */
export function meantBy(value: unknown): string | undefined {
  const { kind, name } = declared(value)
  if (kind === 'class') return `make one: new ${name}(…)`
  if (kind === 'function') return `call it: ${name}(…)`
  if (isPromise(value)) return 'await it'
  const signal: unknown =
    typeof value === 'object' && value !== null && 'abort' in value && 'signal' in value && value.signal
  return isAbortSignal(signal) ? 'pass its signal: controller.signal' : undefined
}

function functionOf(value: unknown): string {
  const { kind, name } = declared(value)
  return kind === undefined ? 'a function' : `the ${kind} ${name}`
}

/** A function or class that was written with a name of its own, not an arrow that took that of its variable. */
function declared(value: unknown): { readonly kind?: string; readonly name?: string } {
  if (typeof value !== 'function') return {}
  if (definedKind(value) !== undefined) return { kind: 'function', name: value.name }
  const [, kind, name] =
    /^(?:async )?(function|class)\*? ?([\p{ID_Start}$_][\p{ID_Continue}$]*)/u.exec(
      Function.prototype.toString.call(value),
    ) ?? []
  return kind === undefined || name === undefined || name === 'extends' ? {} : { kind, name }
}

/** As JSON, or a word for what JSON cannot hold, such as a tensor that leads back to itself. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return 'an object'
  }
}
