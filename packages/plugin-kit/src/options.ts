import type { Engine } from '@convzoo/core'
import { functionOf, matching, numberAbove, type Option, optional } from '@convzoo/core/define'
import type { Skips } from './skips.js'

/** Option kinds that several suites take. */
export const engineMaker = functionOf<() => Engine>()

export const skips: Option<Skips, Skips, false> = optional(
  matching(
    'reasons by the titles of tests',
    (value): value is Skips =>
      typeof value === 'object' && value !== null && Object.values(value).every((reason) => typeof reason === 'string'),
  ),
  {},
)

export const tolerance = optional(numberAbove(0), 1e-4)
