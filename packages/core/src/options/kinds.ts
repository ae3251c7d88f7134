import type { Border, Pair } from '../pair.js'
import { isAbortSignal, isFloat32Array, isFloat64Array } from '../recognise/index.js'
import { fieldsOf, isOptionsObject } from './fields.js'
import type { JsonSchema } from './json-schema.js'
import { invalid, isOption, isTexts, type Option, type OptionKinds, required, unfit, written } from './options.js'

const isInteger = (value: unknown, least: number): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= least

/** The bound that a maker of options is given. */
function bound(maker: string, value: number): number {
  if (typeof value === 'number' && !Number.isNaN(value)) return value
  throw unfit('bound', maker, 'a number', value)
}

const whole: JsonSchema = { type: 'integer', minimum: 0 }
const pairSchema = (items: JsonSchema): JsonSchema => ({ type: 'array', items, minItems: 2, maxItems: 2 })
const oneOrTwo = (one: JsonSchema): JsonSchema => ({ anyOf: [one, pairSchema(one)] })

/** A whole number of at least `least`. */
export const integer = (least: number): Option<number, number> =>
  written(
    { type: 'integer', minimum: least },
    required(`a whole number of at least ${bound('integer', least)}`, (value) =>
      isInteger(value, least) ? value : invalid,
    ),
  )

/** An axis of a tensor, the batch axis being 0; negative counts from the end. */
export const axis: Option<number, number> = written(
  { type: 'integer' },
  required('a whole number', (value) => (isInteger(value, Number.MIN_SAFE_INTEGER) ? value : invalid)),
)

/** One axis of a tensor, or a list of different ones, the batch axis being 0; negative count from the end. */
export const axes: Option<number | readonly number[], readonly number[]> = written(
  { anyOf: [{ type: 'integer' }, { type: 'array', items: { type: 'integer' }, minItems: 1 }] },
  required('a whole number, or a list of different ones', (value) => {
    const list: readonly unknown[] = Array.isArray(value) ? value : [value]
    const whole = list.filter((each) => isInteger(each, Number.MIN_SAFE_INTEGER))
    return list.length > 0 && new Set(whole).size === list.length ? whole : invalid
  }),
)

/** One whole number for both image axes, or [rows, columns]. */
export const pair = (least: number): Option<number | Pair, Pair> =>
  written(
    oneOrTwo({ type: 'integer', minimum: least }),
    required(`a whole number of at least ${bound('pair', least)}, or two of them as [rows, columns]`, (value) => {
      if (isInteger(value, least)) return [value, value]
      if (!isPair(value)) return invalid
      const [rows, columns] = value
      return isInteger(rows, least) && isInteger(columns, least) ? [rows, columns] : invalid
    }),
  )

const isPair = (value: unknown): value is readonly [unknown, unknown] => Array.isArray(value) && value.length === 2

/** Cells around an image: one number for all sides, [rows, columns], or [[top, bottom], [left, right]]. */
export const border: Option<number | Pair | readonly [Pair, Pair], Border> = written(
  { anyOf: [whole, pairSchema(whole), pairSchema(pairSchema(whole))] },
  required(
    'a whole number of at least 0, two of them as [rows, columns], or [[top, bottom], [left, right]]',
    (value) => {
      const [rows, columns] = isPair(value) ? value : [value, value]
      const [top, bottom] = isPair(rows) ? rows : [rows, rows]
      const [left, right] = isPair(columns) ? columns : [columns, columns]
      const whole = isInteger(top, 0) && isInteger(bottom, 0) && isInteger(left, 0) && isInteger(right, 0)
      return whole && isPair(rows) === isPair(columns) ? { top, bottom, left, right } : invalid
    },
  ),
)

export const boolean: Option<boolean, boolean> = written(
  { type: 'boolean' },
  required('true or false', (value) => (typeof value === 'boolean' ? value : invalid)),
)

export const text: Option<string, string> = written(
  { type: 'string', minLength: 1 },
  required('a text that is not empty', (value) => (typeof value === 'string' && value !== '' ? value : invalid)),
)

/** Names as they stand in a message. */
export const quoted = (names: readonly string[]): string => names.map((name) => JSON.stringify(name)).join(', ')

/** A number in [least, below). */
export const numberIn = (least: number, below: number): Option<number, number> =>
  written(
    { type: 'number', minimum: least, exclusiveMaximum: below },
    required(`a number of at least ${bound('numberIn', least)} and less than ${bound('numberIn', below)}`, (value) =>
      typeof value === 'number' && value >= least && value < below ? value : invalid,
    ),
  )

/** A number that is neither infinite nor NaN. */
export const number: Option<number, number> = written(
  { type: 'number' },
  required('a finite number', (value) => (typeof value === 'number' && Number.isFinite(value) ? value : invalid)),
)

/** A finite number of at least `least`. */
export const numberFrom = (least: number): Option<number, number> =>
  written(
    { type: 'number', minimum: least },
    required(`a finite number of at least ${bound('numberFrom', least)}`, (value) =>
      typeof value === 'number' && Number.isFinite(value) && value >= least ? value : invalid,
    ),
  )

/** A finite number above `least`. */
export const numberAbove = (least: number): Option<number, number> =>
  written(
    { type: 'number', exclusiveMinimum: least },
    required(`a finite number above ${bound('numberAbove', least)}`, (value) =>
      typeof value === 'number' && Number.isFinite(value) && value > least ? value : invalid,
    ),
  )

export const oneOf = <const Name extends string>(...names: readonly Name[]): Option<Name, Name> => {
  if (names.length === 0 || !isTexts(names)) throw unfit('names', 'oneOf', 'at least one name', names)
  return written(
    { enum: names },
    required(`one of ${quoted(names)}`, (value) => names.find((name) => name === value) ?? invalid),
  )
}

/**
 * A value that a test of its type recognises, such as an object with certain methods. `expected` says in words what it is, `hint` what to
 * do where something else was written.
 */
export const matching = <T>(
  expected: string,
  is: (value: unknown) => value is T,
  hint?: (value: unknown) => string | undefined,
): Option<T, T> => {
  if (typeof is !== 'function') throw unfit('is', 'matching', 'a function', is)
  return required(expected, (value) => (is(value) ? value : invalid), hint)
}

/** A function; what it takes and gives is not looked at. */
export const functionOf = <F extends (...given: never[]) => unknown>(): Option<F, F> =>
  matching('a function', (value): value is F => typeof value === 'function')

/** Two whole numbers of at least `least`: [rows, columns]. */
export const bothOf = (least: number): Option<Pair, Pair> =>
  written(
    pairSchema({ type: 'integer', minimum: least }),
    matching(
      `two whole numbers of at least ${least}, as [rows, columns]`,
      (value): value is Pair => isPair(value) && value.every((each) => isInteger(each, least)),
    ),
  )

/** A list of numbers, such as a shape; what they may be is not looked at. */
export const lengths: Option<readonly number[], readonly number[]> = written(
  { type: 'array', items: { type: 'number' } },
  matching(
    'a list of numbers, such as [2, 3]',
    (value): value is readonly number[] => Array.isArray(value) && value.every((each) => typeof each === 'number'),
  ),
)

/** A list of texts. */
export const texts: Option<readonly string[], readonly string[]> = written(
  { type: 'array', items: { type: 'string' } },
  matching('a list of texts', isTexts),
)

/** Texts by name. */
export const namedTexts: Option<Readonly<Record<string, string>>, Readonly<Record<string, string>>> = written(
  { type: 'object', additionalProperties: { type: 'string' } },
  matching(
    'an object of texts',
    (value): value is Readonly<Record<string, string>> =>
      isOptionsObject(value) && Object.values(fieldsOf(value)).every((each) => typeof each === 'string'),
  ),
)

/** Numbers in single or double precision, to be written to. */
export const floats: Option<Float32Array | Float64Array, Float32Array | Float64Array> = matching(
  'a Float32Array or a Float64Array',
  (value): value is Float32Array | Float64Array => isFloat32Array(value) || isFloat64Array(value),
)

/** More threads than any machine has cores for: a slip, and one that would take all memory. */
const mostThreads = 1024

/** How many threads share some work, of an engine or of what makes batches. */
export const threadCount: Option<number, number> = written(
  { type: 'integer', minimum: 1, maximum: mostThreads },
  required(`a whole number from 1 to ${mostThreads}`, (value) =>
    isInteger(value, 1) && value <= mostThreads ? value : invalid,
  ),
)

/** What ends a task that goes on: the signal of an `AbortController`, of whatever realm. */
export const abortSignal: Option<AbortSignal, AbortSignal> = matching('an AbortSignal', isAbortSignal)

/** An object whose methods of these names make it what is wanted; `expected` says what that is. */
export const withMethods = <T extends object>(
  expected: string,
  ...names: readonly (keyof T & string)[]
): Option<T, T> =>
  matching(
    expected,
    (value): value is T =>
      typeof value === 'object' &&
      value !== null &&
      names.every((name) => typeof Reflect.get(value, name) === 'function'),
  )

/** Options by their names, as a definition has them. */
export const optionKinds: Option<OptionKinds, OptionKinds> = matching(
  'an object of options, such as { momentum: optional(numberIn(0, 1), 0.9) }',
  (value): value is OptionKinds => isOptionsObject(value) && Object.values(fieldsOf(value)).every(isOption),
)
