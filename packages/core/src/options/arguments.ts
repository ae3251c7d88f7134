import { isOptionsObject } from './fields.js'
import { type AnyOption, invalid, isOption, unfit } from './options.js'

/**
 * Checks what a function takes one by one, as options are checked; an argument that may be left out is `optional`.
 *
 * @throws ConvzooError of kind `option` that names the function, the argument, what was expected and what was received.
 * @example
 * requireArguments('sizeOf', { shape: [lengths, shape] })
 */
export function requireArguments(
  subject: string,
  given: Readonly<Record<string, readonly [AnyOption, unknown]>>,
): void {
  if (typeof subject !== 'string') throw unfit('subject', 'requireArguments', 'a text', subject)
  if (!isOptionsObject(given)) throw unfit('given', 'requireArguments', 'an object of [option, value]', given)
  for (const [name, pair] of Object.entries(given)) {
    if (!Array.isArray(pair) || !isOption(pair[0]))
      throw unfit('given', 'requireArguments', 'an object of [option, value]', given)
    const [option, value] = pair
    if (value === undefined && !option.required) continue
    if (option.parse(value, `argument "${name}" of ${subject}`) !== invalid) continue
    throw unfit(name, subject, option.expected, value, option.hint?.(value))
  }
}
