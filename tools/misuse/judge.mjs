// What is right of a program that holds the library wrongly: an error of ours that says what was wrong, in bounded time.
import { setTimeout as wait } from 'node:timers/promises'
import { patience } from '../patience.mjs'
import { ConvzooError, describeValue } from './library.mjs'

/** Seconds after which, on an idle machine, a promise that should be settled by now has hung; the program's own limit is twice that. */
const soon = 5

/** @throws unless an error is one that a user can act on: of ours, of one of these kinds, in words that match. */
export function requireOurs(error, { kinds, names } = {}) {
  const stack = String(error?.stack ?? error)
    .split('\n')
    .slice(0, 4)
    .join('\n')
  if (!ConvzooError.isInstance(error)) throw new Error(`A raw error: ${stack}`)
  if (error.kind === 'internal') throw new Error(`It calls itself a defect: ${stack}`)
  if (kinds !== undefined && ![kinds].flat().includes(error.kind))
    throw new Error(`Its kind is ${error.kind}, not ${kinds}: ${error.message}`)
  for (const name of [names ?? []].flat()) {
    const isThere = name instanceof RegExp ? name.test(error.message) : error.message.includes(name)
    if (!isThere) throw new Error(`It does not say ${name}: ${error.message}`)
  }
}

/** What becomes of work: `{ value }` or `{ error }`. @throws if that is not known soon. */
export async function outcomeOf(work, what = 'It') {
  const seconds = soon * patience()
  const ended = Promise.resolve()
    .then(work)
    .then(
      (value) => ({ value }),
      (error) => ({ error }),
    )
  const result = await Promise.race([ended, wait(seconds * 1000, undefined, { ref: false })])
  if (result === undefined) throw new Error(`${what} did not end within ${seconds.toFixed(0)} s.`)
  return result
}

/** @throws unless work is refused soon, as {@link requireOurs} says. */
export async function refused(work, right = {}) {
  const outcome = await outcomeOf(work)
  if ('error' in outcome) return requireOurs(outcome.error, right)
  throw new Error(`It was taken: ${describeValue(outcome.value)}`)
}

/** @throws unless work is done soon; its result. */
export async function done(work, what) {
  const outcome = await outcomeOf(work, what)
  if (!('error' in outcome)) return outcome.value
  const { error } = outcome
  throw new Error(`It was refused: ${ConvzooError.isInstance(error) ? error.message : String(error?.stack ?? error)}`)
}

/** @throws unless work ends with this very value as its error. */
export async function endsWith(work, reason) {
  const outcome = await outcomeOf(work)
  if (!('error' in outcome)) throw new Error(`It was taken: ${describeValue(outcome.value)}`)
  if (outcome.error !== reason)
    throw new Error(`It ended with another error: ${String(outcome.error?.stack ?? outcome.error)}`)
}

/** @throws unless two values are the same as JSON. */
export function same(received, expected, what) {
  const [one, other] = [received, expected].map((value) => JSON.stringify(value))
  if (one !== other) throw new Error(`${what}: ${one} instead of ${other}`)
}

/** @throws unless something holds. */
export function holds(condition, otherwise) {
  if (!condition) throw new Error(otherwise)
}

/** A class where a function is expected is the program's; what has gone on to vitest, which is not here, was not refused before. */
const isOfProgram = (error) =>
  /^Class constructor Odd cannot be invoked/.test(error?.message) || /[\\/@]vitest[\\/]/.test(error?.stack)

/** What is wrong with an outcome where only an error of ours, or one that the program itself has thrown, is right. */
export function faultOf({ error }, own) {
  if (error === own || isOfProgram(error)) return undefined
  if (!ConvzooError.isInstance(error)) {
    const [first, ...frames] = String(error?.stack ?? error).split('\n')
    const [place = ''] = frames.filter((line) => line.includes('/dist/') && line.includes('packages/'))
    return `a raw error: ${first}${place.replace(/file:.*?packages\//, '')}`
  }
  return error.kind === 'internal' ? `it calls itself a defect: ${error.message}` : undefined
}

/** Values by what they are called, as many as a reader wants to see. */
const some = (values) =>
  values.length <= 8 ? values.join(', ') : `${values.slice(0, 5).join(', ')} and ${values.length - 5} others`

/** @throws if something is wrong with some of the values: each fault once, with values that show it. */
export function allRight(faults) {
  const groups = new Map()
  for (const [what, fault] of faults) if (fault !== undefined) groups.set(fault, [...(groups.get(fault) ?? []), what])
  if (groups.size === 0) return
  throw new Error([...groups].map(([fault, values]) => `${some(values)}: ${fault}`).join('\n'))
}
