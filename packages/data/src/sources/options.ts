import { integer, numberIn, optional } from '@convzoo/core/define'

/** How a source is divided. */
export const splitOptions = { validationSplit: optional(numberIn(0, 1)), splitSeed: optional(integer(0), 1) } as const
