import { ConvzooError, describeValue } from '@convzoo/core'

/** @throws ConvzooError of kind `option` unless `value` is a whole number of at least `least`. */
export function requireWholeNumber(name: string, value: unknown, least: number): void {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return
  throw new ConvzooError({
    kind: 'option',
    message: `The option "${name}" has a value that cannot be used.`,
    expected: `a whole number of at least ${least}`,
    received: describeValue(value),
  })
}
