import { integer, matching, numberIn, optional } from '@convzoo/core'

/** How a source is divided. */
export const splitOptions = { validationPart: optional(numberIn(0, 1)), splitSeed: optional(integer(0), 1) } as const

/** The option that names classes in their order. */
export const classNames = optional(
  matching(
    'names of classes, each once',
    (value): value is readonly string[] =>
      Array.isArray(value) &&
      value.length > 0 &&
      new Set(value).size === value.length &&
      value.every((name) => typeof name === 'string' && name.trim() !== ''),
  ),
)
