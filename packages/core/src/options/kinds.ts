import type { Border, Pair } from '../shape.js'
import { invalid, type Option, required } from './options.js'

const isInteger = (value: unknown, least: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= least

/** A whole number of at least `least`. */
export const integer = (least: number): Option<number, number> =>
  required(`a whole number of at least ${least}`, (value) => (isInteger(value, least) ? value : invalid))

/** An axis of a tensor, the batch axis being 0; negative counts from the end. */
export const axis: Option<number, number> = required('a whole number', (value) =>
  isInteger(value, Number.MIN_SAFE_INTEGER) ? value : invalid,
)

/** One whole number for both image axes, or [rows, columns]. */
export const pair = (least: number): Option<number | Pair, Pair> =>
  required(`a whole number of at least ${least}, or two of them as [rows, columns]`, (value) => {
    if (isInteger(value, least)) return [value, value]
    if (!isPair(value)) return invalid
    const [rows, columns] = value
    return isInteger(rows, least) && isInteger(columns, least) ? [rows, columns] : invalid
  })

const isPair = (value: unknown): value is readonly [unknown, unknown] => Array.isArray(value) && value.length === 2

/** Cells around an image: one number for all sides, [rows, columns], or [[top, bottom], [left, right]]. */
export const border: Option<number | Pair | readonly [Pair, Pair], Border> = required(
  'a whole number of at least 0, two of them as [rows, columns], or [[top, bottom], [left, right]]',
  (value) => {
    const [rows, columns] = isPair(value) ? value : [value, value]
    const [top, bottom] = isPair(rows) ? rows : [rows, rows]
    const [left, right] = isPair(columns) ? columns : [columns, columns]
    const whole = isInteger(top, 0) && isInteger(bottom, 0) && isInteger(left, 0) && isInteger(right, 0)
    return whole && isPair(rows) === isPair(columns) ? { top, bottom, left, right } : invalid
  },
)

export const boolean: Option<boolean, boolean> = required('true or false', (value) =>
  typeof value === 'boolean' ? value : invalid,
)

export const text: Option<string, string> = required('a text that is not empty', (value) =>
  typeof value === 'string' && value !== '' ? value : invalid,
)

/** Names as they stand in a message. */
export const quoted = (names: readonly string[]): string => names.map((name) => JSON.stringify(name)).join(', ')

/** A number in [least, below). */
export const numberIn = (least: number, below: number): Option<number, number> =>
  required(`a number of at least ${least} and less than ${below}`, (value) =>
    typeof value === 'number' && value >= least && value < below ? value : invalid,
  )

/** A number that is neither infinite nor NaN. */
export const number: Option<number, number> = required('a finite number', (value) =>
  typeof value === 'number' && Number.isFinite(value) ? value : invalid,
)

/** A finite number of at least `least`. */
export const numberFrom = (least: number): Option<number, number> =>
  required(`a finite number of at least ${least}`, (value) =>
    typeof value === 'number' && Number.isFinite(value) && value >= least ? value : invalid,
  )

/** A finite number above `bound`. */
export const numberAbove = (bound: number): Option<number, number> =>
  required(`a finite number above ${bound}`, (value) =>
    typeof value === 'number' && Number.isFinite(value) && value > bound ? value : invalid,
  )

export const oneOf = <const Name extends string>(...names: readonly Name[]): Option<Name, Name> =>
  required(`one of ${quoted(names)}`, (value) => names.find((name) => name === value) ?? invalid)

/** A value that a test of its type recognises, such as an instance of a class. `expected` says in words what it is. */
export const matching = <T>(expected: string, is: (value: unknown) => value is T): Option<T, T> =>
  required(expected, (value) => (is(value) ? value : invalid))

/** A function; what it takes and gives is not looked at. */
export const functionOf = <F extends (...given: never[]) => unknown>(): Option<F, F> =>
  matching('a function', (value): value is F => typeof value === 'function')
