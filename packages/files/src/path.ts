import { describeValue, matching, unusableOption } from '@convzoo/core'

/** Where something lies in a file system. */
export const pathOption = matching(
  'a path that is not empty',
  (value): value is string => typeof value === 'string' && value !== '' && !value.includes('\0'),
)

/** @throws ConvzooError of kind `option` unless this is a path. */
export function requirePath(path: unknown): asserts path is string {
  if (typeof path === 'string' && path !== '' && !path.includes('\0')) return
  throw unusableOption('"path"', { expected: pathOption.expected, received: describeValue(path) })
}
