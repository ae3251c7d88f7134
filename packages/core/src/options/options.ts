import { ConvzooError, describeValue, meantBy, unusableOption } from '../errors/index.js'
import { fieldsOf, isOptionsObject } from './fields.js'
import type { JsonSchema } from './json-schema.js'
import { nearestNames } from './nearest.js'

/** What {@link Option.parse} gives for a value that is not allowed. */
export const invalid = Symbol('invalid')

/** One option: what a user may write (`In`), what whoever takes it gets (`Out`), and the words for what is allowed. */
export interface Option<In, Out, Required extends boolean = true> {
  readonly expected: string
  readonly required: Required
  /** The value when the user says nothing; only read where `required` is false. */
  readonly fallback: Out | undefined
  /** `subject` says in words which option of what it is. */
  parse(value: unknown, subject: string): Out | typeof invalid
  /** What to do where this was written instead, if that can be told. */
  hint?(value: unknown): string | undefined
  /** What it is for, in a few words, as `--help` says it. */
  readonly description?: string
  /** How JSON writes it; absent where JSON cannot, as a function. */
  readonly schema?: JsonSchema
  /** Only carries the type of what a user may write. */
  readonly input?: In
}

export type AnyOption = Option<unknown, unknown, boolean>
/** Options by their names. */
export type OptionKinds = Readonly<Record<string, AnyOption>>

type InputOf<O> = O extends Option<infer In, unknown, boolean> ? In : never
type OutputOf<O> = O extends Option<unknown, infer Out, boolean> ? Out : never

/** What a user writes. What stands above an option where it is defined stands above it here, too. */
export type OptionsInput<S extends OptionKinds> = {
  readonly [K in keyof S as S[K]['required'] extends true ? K : never]: InputOf<S[K]>
} & { readonly [K in keyof S as S[K]['required'] extends true ? never : K]?: InputOf<S[K]> | undefined }

/** What whoever takes the options gets: everything present, in one form. */
export type OptionsOutput<S extends OptionKinds> = { readonly [K in keyof S]: OutputOf<S[K]> }

export interface Options<In, Out> {
  /** Each option by its name: types, flags, help and schemas are made of them. */
  readonly kinds: OptionKinds
  /**
   * `alsoKnown` are options that someone else reads; they only belong to what is expected.
   *
   * @throws ConvzooError of kind `option` that names the subject, the option, what was expected and what was received.
   */
  parse(subject: string, input: In, alsoKnown?: readonly string[]): Out
}

/**
 * The options of a function, a layer, an optimizer: unknown names and bad values are errors that name them.
 *
 * @example
 * const options = defineOptions({ batchSize: optional(integer(1), 100) })
 * const { batchSize } = options.parse('predict', given)
 */
export function defineOptions<const S extends OptionKinds>(schema: S): Options<OptionsInput<S>, OptionsOutput<S>> {
  requireSchema(schema)
  const names = Object.keys(schema)
  return {
    kinds: schema,
    parse(subject, input, alsoKnown = []) {
      const given = knownOptions(subject, input, names, alsoKnown)
      const parsed = {} as { -readonly [K in keyof S]: OutputOf<S[K]> }
      for (const name in schema) {
        parsed[name] = parseOption(subject, name, schema[name], given[name]) as OutputOf<S[typeof name]>
      }
      return parsed
    },
  }
}

function requireSchema(schema: unknown): void {
  if (isOptionsObject(schema) && Object.values(fieldsOf(schema)).every(isOption)) return
  throw new ConvzooError({
    kind: 'option',
    message: 'The argument "schema" of defineOptions cannot be used.',
    expected: 'an object of options, such as { batchSize: optional(integer(1), 100) }',
    received: describeValue(schema),
  })
}

/** Whether this is one option, as the kinds make it. */
export function isOption(value: unknown): value is AnyOption {
  return (
    isOptionsObject(value) &&
    'expected' in value &&
    typeof value.expected === 'string' &&
    'parse' in value &&
    typeof value.parse === 'function'
  )
}

/**
 * Refuses what is no object of options, and an option that has none of these names. For options whose values are checked elsewhere;
 * others are best described by {@link defineOptions}.
 *
 * @throws ConvzooError of kind `option` that names the subject, the option, the names that there are and the nearest of them.
 */
export function requireKnownOptions(subject: string, given: unknown, names: readonly string[]): void {
  if (typeof subject !== 'string') throw unfit('subject', 'requireKnownOptions', 'a text', subject)
  if (!isTexts(names)) throw unfit('names', 'requireKnownOptions', 'a list of names', names)
  knownOptions(subject, given, names)
}

function knownOptions(
  subject: string,
  input: unknown,
  names: readonly string[],
  alsoKnown: readonly string[] = [],
): Readonly<Record<string, unknown>> {
  if (input === undefined) return {}
  if (!isOptionsObject(input)) {
    const hint = meantBy(input)
    throw new ConvzooError({
      kind: 'option',
      message: `The options of ${subject} are not an object.`,
      expected: `an object with ${expectedNames([...names, ...alsoKnown])}`,
      received: describeValue(input),
      ...(hint === undefined ? {} : { hint }),
    })
  }
  const given = fieldsOf(input, names)
  const unknown = Object.keys(given).find((name) => !names.includes(name))
  if (unknown === undefined) return given
  const all = [...names, ...alsoKnown]
  const near = nearestNames(unknown, all)
  throw new ConvzooError({
    kind: 'option',
    message: `${subject} has no option "${unknown}".`,
    expected: expectedNames(all),
    received: `${unknown}: ${describeValue(given[unknown])}`,
    ...(near.length === 0 ? {} : { hint: `did you mean ${near.join(' or ')}?` }),
  })
}

export const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')

const expectedNames = (names: readonly string[]): string =>
  names.length === 0 ? 'no options' : `one of ${names.join(', ')}`

function parseOption(subject: string, name: string, option: AnyOption | undefined, value: unknown): unknown {
  if (option === undefined) return undefined
  if (value === undefined && !option.required) return option.fallback
  const result = option.parse(value, `option "${name}" of ${subject}`)
  if (result === invalid) {
    throw misfit(`"${name}" of ${subject}`, option, value)
  }
  return result
}

/** The error for a value that an option does not allow. `name` says in words which option of what it is. */
export function misfit(name: string, option: Pick<AnyOption, 'expected' | 'hint'>, value: unknown): ConvzooError {
  const hint = option.hint?.(value) ?? meantBy(value)
  return unusableOption(name, {
    expected: option.expected,
    received: describeValue(value),
    ...(hint === undefined ? {} : { hint }),
  })
}

/** An option that has to be given. `hint` says what to do where something else was written, if that can be told. */
export function required<In, Out>(
  expected: string,
  parse: (value: unknown, subject: string) => Out | typeof invalid,
  hint?: (value: unknown) => string | undefined,
): Option<In, Out> {
  if (typeof expected !== 'string') throw unfit('expected', 'required', 'a text that says what is allowed', expected)
  if (typeof parse !== 'function') throw unfit('parse', 'required', 'a function', parse)
  return { expected, required: true, fallback: undefined, parse, ...(hint === undefined ? {} : { hint }) }
}

/** The same option with a value for when the user says nothing. */
export function optional<In, Out>(option: Option<In, Out>, fallback: NoInfer<Out>): Option<In, Out, false>
export function optional<In, Out>(option: Option<In, Out>): Option<In, Out | undefined, false>
export function optional<In, Out>(option: Option<In, Out>, fallback?: Out): Option<In, Out | undefined, false> {
  if (!isOption(option)) throw unfit('option', 'optional', 'an option, such as integer(1)', option)
  return { ...option, required: false, fallback }
}

/** The same option with what it is for, as `--help` and an editor say it. */
export function described<In, Out, Required extends boolean>(
  description: string,
  option: Option<In, Out, Required>,
): Option<In, Out, Required> {
  if (typeof description !== 'string') throw unfit('description', 'described', 'a text', description)
  if (!isOption(option)) throw unfit('option', 'described', 'an option, such as integer(1)', option)
  return { ...option, description }
}

/** The same option with how JSON writes it. */
export function written<In, Out, Required extends boolean>(
  schema: JsonSchema,
  option: Option<In, Out, Required>,
): Option<In, Out, Required> {
  if (!isOptionsObject(schema)) throw unfit('schema', 'written', "an object, such as { type: 'integer' }", schema)
  if (!isOption(option)) throw unfit('option', 'written', 'an option, such as integer(1)', option)
  return { ...option, schema }
}

/** The error for an argument that cannot be used. */
export function unfit(name: string, subject: string, expected: string, value: unknown, own?: string): ConvzooError {
  const hint = own ?? meantBy(value)
  return new ConvzooError({
    kind: 'option',
    message: `The argument "${name}" of ${subject} cannot be used.`,
    expected,
    received: value === undefined ? 'nothing' : describeValue(value),
    ...(hint === undefined ? {} : { hint }),
  })
}

/** What reads the parts of an option; an error in it says which option of what it was, too. */
export function within<T>(subject: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!ConvzooError.isInstance(error)) throw error
    const { message, ...fields } = error.toFields()
    throw new ConvzooError({ ...fields, message: `The ${subject} cannot be used. ${message}`, cause: error })
  }
}
