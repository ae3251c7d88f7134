import { integer, numberIn, optional } from '@convzoo/core'

/** How a source is divided. */
export const splitOptions = { validationPart: optional(numberIn(0, 1)), splitSeed: optional(integer(0), 1) } as const
