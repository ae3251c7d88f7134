import type { Constraint } from '../constraints/index.js'
import { ConvzooError, describeValue, unusableOption } from '../errors/index.js'
import type { Border, Pair } from '../shape.js'

/** What {@link Option.parse} gives for a value that is not allowed. */
export const invalid = Symbol('invalid')

/** One option: what a user may write (`In`), what a layer or optimizer gets (`Out`), and the words for what is allowed. */
export interface Option<In, Out, Required extends boolean = true> {
  readonly expected: string
  readonly required: Required
  /** The value when the user says nothing; only read where `required` is false. */
  readonly fallback: Out | undefined
  /** `subject` says in words which option of what it is. */
  parse(value: unknown, subject: string): Out | typeof invalid
  /** Only carries the type of what a user may write. */
  readonly input?: In
}

type AnyOption = Option<unknown, unknown, boolean>
type Schema = Readonly<Record<string, AnyOption>>

type RequiredKeys<S extends Schema> = { [K in keyof S]: S[K]['required'] extends true ? K : never }[keyof S]
type InputOf<O> = O extends Option<infer In, unknown, boolean> ? In : never
type OutputOf<O> = O extends Option<unknown, infer Out, boolean> ? Out : never

/** What a user writes. */
export type OptionsInput<S extends Schema> = {
  readonly [K in RequiredKeys<S>]: InputOf<S[K]>
} & { readonly [K in Exclude<keyof S, RequiredKeys<S>>]?: InputOf<S[K]> | undefined }

/** What a layer or optimizer gets: everything present, in one form. */
export type OptionsOutput<S extends Schema> = { readonly [K in keyof S]: OutputOf<S[K]> }

export interface Options<In, Out> {
  /**
   * `alsoKnown` are options that someone else reads; they only belong to what is expected.
   *
   * @throws ConvzooError of kind `option` that names the subject, the option, what was expected and what was received.
   */
  parse(subject: string, input: In, alsoKnown?: readonly string[]): Out
}

/** The options of a layer or an optimizer: unknown names and bad values are errors that name them. */
export function defineOptions<const S extends Schema>(schema: S): Options<OptionsInput<S>, OptionsOutput<S>> {
  return {
    parse(subject, input, alsoKnown = []) {
      const given: Readonly<Record<string, unknown>> = { ...input }
      for (const name of Object.keys(given)) {
        if (!Object.hasOwn(schema, name)) {
          throw new ConvzooError({
            kind: 'option',
            message: `${subject} has no option "${name}".`,
            expected: expectedNames([...Object.keys(schema), ...alsoKnown]),
            received: `${name}: ${describeValue(given[name])}`,
          })
        }
      }
      const parsed = {} as { -readonly [K in keyof S]: OutputOf<S[K]> }
      for (const name in schema) {
        parsed[name] = parseOption(subject, name, schema[name], given[name]) as OutputOf<S[typeof name]>
      }
      return parsed
    },
  }
}

const expectedNames = (names: readonly string[]): string =>
  names.length === 0 ? 'no options' : `one of ${names.join(', ')}`

function parseOption(subject: string, name: string, option: AnyOption | undefined, value: unknown): unknown {
  if (option === undefined) return undefined
  if (value === undefined && !option.required) return option.fallback
  const result = option.parse(value, `option "${name}" of ${subject}`)
  if (result === invalid) {
    throw unusableOption(`"${name}" of ${subject}`, { expected: option.expected, received: describeValue(value) })
  }
  return result
}

/** An option that has to be given. */
export function required<In, Out>(
  expected: string,
  parse: (value: unknown, subject: string) => Out | typeof invalid,
): Option<In, Out> {
  return { expected, required: true, fallback: undefined, parse }
}

/** The same option with a value for when the user says nothing. */
export function optional<In, Out>(option: Option<In, Out>, fallback: NoInfer<Out>): Option<In, Out, false>
export function optional<In, Out>(option: Option<In, Out>): Option<In, Out | undefined, false>
export function optional<In, Out>(option: Option<In, Out>, fallback?: Out): Option<In, Out | undefined, false> {
  return { ...option, required: false, fallback }
}

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

/** A constraint as data; the makers in `constraints/` give it. */
export const constraint: Option<Constraint, Constraint> = required(
  'maxNorm or maxRms with a maximum above 0, or unitNorm',
  (value) => {
    const { type, maximum, ...others }: Readonly<Record<string, unknown>> =
      typeof value === 'object' ? { ...value } : {}
    if (Object.keys(others).length > 0) return invalid
    if (type === 'unitNorm') return maximum === undefined ? { type } : invalid
    const fits = typeof maximum === 'number' && Number.isFinite(maximum) && maximum > 0
    return fits && (type === 'maxNorm' || type === 'maxRms') ? { type, maximum } : invalid
  },
)
