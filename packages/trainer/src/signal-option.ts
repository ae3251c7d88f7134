import { matching } from '@convzoo/core'

const members = ['addEventListener', 'removeEventListener'] as const

/** An `AbortSignal`, of any realm. */
export const signalOption = matching(
  'an AbortSignal, such as the member "signal" of new AbortController()',
  (value): value is AbortSignal =>
    typeof value === 'object' &&
    value !== null &&
    typeof Reflect.get(value, 'aborted') === 'boolean' &&
    members.every((name) => typeof Reflect.get(value, name) === 'function'),
)
