import { ConvzooError, describeValue } from '../errors/index.js'
import { isPlain } from '../recognise/builtins.js'
import { isPromise } from '../recognise/index.js'

/**
 * What an object of options holds, by name, its own and what it inherits: options may be an instance of a class, with getters. Methods
 * that it inherits are no options unless they are known as such.
 */
export function fieldsOf(given: object, known: readonly string[] = []): Readonly<Record<string, unknown>> {
  if (typeof given !== 'object' || given === null) throw noObject(given)
  const all = [...Object.keys(given), ...inheritedNames(given)].map((name): [string, unknown] => [
    name,
    Reflect.get(given, name),
  ])
  return Object.fromEntries(
    all.filter(([name, value]) => Object.hasOwn(given, name) || typeof value !== 'function' || known.includes(name)),
  )
}

function noObject(given: unknown): ConvzooError {
  return new ConvzooError({
    kind: 'option',
    message: 'The argument "given" of fieldsOf cannot be used.',
    expected: 'an object',
    received: describeValue(given),
  })
}

/**
 * Whether this can hold options: a plain object, an instance of a class, or a module. A list, a date, a map, a promise and their like
 * cannot, of whatever realm.
 */
export function isOptionsObject(value: unknown): value is object {
  return isPlain(value) && !isPromise(value)
}

function inheritedNames(given: object): string[] {
  const names: string[] = []
  for (let level: unknown = Object.getPrototypeOf(given); isPrototype(level); level = Object.getPrototypeOf(level)) {
    names.push(...Object.getOwnPropertyNames(level).filter((name) => name !== 'constructor'))
  }
  return names
}

/** What another object inherits from; of whatever realm, `Object.prototype` is none of a user's. */
function isPrototype(level: unknown): level is object {
  return typeof level === 'object' && level !== null && !Object.hasOwn(level, 'isPrototypeOf')
}
