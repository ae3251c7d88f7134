import { ConvzooError, describeValue } from '../errors/index.js'
import { isOptionsObject } from '../options/index.js'

/**
 * What the `create` of a definition has made, which a plugin's author may have left out or mistaken.
 *
 * @throws ConvzooError of kind `specification` unless it is an object with these functions.
 */
export function requireMade<T extends object>(subject: string, made: unknown, functions: readonly (keyof T)[]): T {
  const isMade = (value: unknown): value is T =>
    isOptionsObject(value) && functions.every((name) => typeof Reflect.get(value, name) === 'function')
  if (isMade(made)) return made
  throw new ConvzooError({
    kind: 'specification',
    message: `What "create" of ${subject} gives cannot be used.`,
    expected: functions.length === 0 ? 'an object' : `an object with the functions ${functions.join(' and ')}`,
    received: describeValue(made),
  })
}
