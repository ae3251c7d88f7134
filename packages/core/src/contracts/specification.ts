import { ConvzooError, describeValue } from '../errors/index.js'

/** Refuses a plugin that was written for a contract this core does not know, in words that say what would fit. */
export function requireSpecification<S extends string>(
  subject: string,
  received: unknown,
  expected: S,
): asserts received is S {
  if (received === expected) return
  throw new ConvzooError({
    kind: 'specification',
    message: `${subject} follows a contract that this version of @convzoo/core does not know.`,
    expected: `specification ${describeValue(expected)}`,
    received: describeValue(received),
    hint: `install a version of it that declares ${describeValue(expected)}, or a version of @convzoo/core that knows what it declares`,
  })
}
