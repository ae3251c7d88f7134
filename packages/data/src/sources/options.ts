import { describeValue, integer, numberIn, type Option, optional, unusableOption } from '@convzoo/core'

/** How a source is divided. */
export const splitOptions = { validationPart: optional(numberIn(0, 1)), splitSeed: optional(integer(0), 1) } as const

/** The option that names classes in their order. */
export const classNames: Option<readonly string[], readonly string[] | undefined, false> = {
  expected: 'names of classes, each once',
  required: false,
  fallback: undefined,
  parse(value, subject) {
    if (Array.isArray(value) && value.length > 0) {
      const names = value.filter((name): name is string => typeof name === 'string' && name.trim() !== '')
      if (names.length === value.length && new Set(names).size === names.length) return names
    }
    throw unusable(subject, 'names of classes, each once', value)
  },
}

/** An option that is told of something as it happens. */
export const listener = <T>(): Option<(value: T) => void, ((value: T) => void) | undefined, false> => ({
  expected: 'a function',
  required: false,
  fallback: undefined,
  parse(value, subject) {
    if (isListener<T>(value)) return value
    throw unusable(subject, 'a function', value)
  },
})

const isListener = <T>(value: unknown): value is (value: T) => void => typeof value === 'function'

/** `subject` is `option "x" of y`. */
const unusable = (subject: string, expected: string, value: unknown): ReturnType<typeof unusableOption> =>
  unusableOption(subject.replace(/^option /, ''), { expected, received: describeValue(value) })
