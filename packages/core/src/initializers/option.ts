import { ConvzooError, describeValue } from '../errors/index.js'
import {
  defineOptions,
  fieldsOf,
  invalid,
  isOptionsObject,
  number,
  numberFrom,
  type Option,
  optional,
  quoted,
  required,
  written,
} from '../options/index.js'

/** How a weight starts, as plain data. */
export type Initializer =
  | { readonly type: 'zeros' }
  | { readonly type: 'ones' }
  | { readonly type: 'constant'; readonly value: number }
  /** Uniform in [minimum, maximum). */
  | { readonly type: 'randomUniform'; readonly minimum: number; readonly maximum: number }
  | { readonly type: 'randomNormal'; readonly mean: number; readonly standardDeviation: number }
  /** Normal, with what lies more than two standard deviations from the mean drawn anew: what is left deviates by 0.8796 of them. */
  | { readonly type: 'truncatedNormal'; readonly mean: number; readonly standardDeviation: number }
  | { readonly type: ScalingName }

export type InitializerName = Initializer['type']

export type ScalingName = 'glorotUniform' | 'glorotNormal' | 'heUniform' | 'heNormal' | 'lecunUniform' | 'lecunNormal'

type Of<Name extends InitializerName> = Extract<Initializer, { readonly type: Name }>
type ParametersOf<Name extends InitializerName> = Partial<Omit<Of<Name>, 'type'>>

/** An initializer as a user writes it: by name, or as data whose parameters may be left out where they have a default. */
export type InitializerInput =
  | InitializerName
  | Initializer
  | { [Name in InitializerName]: { readonly type: Name } & ParametersOf<Name> }[InitializerName]

const without = defineOptions({})
const constantParameters = defineOptions({ value: optional(number, 0) })
const uniformParameters = defineOptions({ minimum: optional(number, -0.05), maximum: optional(number, 0.05) })
const normalParameters = defineOptions({ mean: optional(number, 0), standardDeviation: optional(numberFrom(0), 0.05) })

type Maker<Name extends InitializerName> = (given?: ParametersOf<Name>, subject?: string) => Of<Name>

const constant: Maker<'constant'> = (given = {}, subject = 'initializer constant') => ({
  type: 'constant',
  ...constantParameters.parse(subject, given),
})

/**
 * Uniform in [minimum, maximum), by default [−0.05, 0.05).
 *
 * @throws ConvzooError of kind `option` for a bad parameter.
 * @example
 * dense({ units: 10, kernelInitializer: randomUniform({ minimum: -0.1, maximum: 0.1 }) })
 */
export const randomUniform: Maker<'randomUniform'> = (given = {}, subject = 'initializer randomUniform') => {
  const { minimum, maximum } = uniformParameters.parse(subject, given)
  if (minimum <= maximum) return { type: 'randomUniform', minimum, maximum }
  throw new ConvzooError({
    kind: 'option',
    message: `The option "minimum" of ${subject} is above its maximum.`,
    expected: `at most ${maximum}`,
    received: describeValue(minimum),
  })
}

/**
 * Normal, by default of mean 0 and standard deviation 0.05.
 *
 * @throws ConvzooError of kind `option` for a bad parameter.
 * @example
 * conv2d({ filters: 96, kernelSize: 11, kernelInitializer: randomNormal({ standardDeviation: 0.01 }) })
 */
export const randomNormal: Maker<'randomNormal'> = (given = {}, subject = 'initializer randomNormal') => ({
  type: 'randomNormal',
  ...normalParameters.parse(subject, given),
})

/**
 * Normal, by default of mean 0 and standard deviation 0.05, with what lies more than two of them from the mean drawn anew. As in Keras,
 * that is the standard deviation before the cut; afterwards it is 0.8796 of it.
 *
 * @throws ConvzooError of kind `option` for a bad parameter.
 * @example
 * dense({ units: 10, kernelInitializer: truncatedNormal({ standardDeviation: 0.01 }) })
 */
export const truncatedNormal: Maker<'truncatedNormal'> = (given = {}, subject = 'initializer truncatedNormal') => ({
  type: 'truncatedNormal',
  ...normalParameters.parse(subject, given),
})

const plain =
  <Name extends InitializerName>(type: Name) =>
  (given: object, subject: string): { readonly type: Name } => {
    without.parse(subject, given)
    return { type }
  }

/** What makes each initializer of its parameters. */
export const makers = {
  zeros: plain('zeros'),
  ones: plain('ones'),
  constant,
  randomUniform,
  randomNormal,
  truncatedNormal,
  glorotUniform: plain('glorotUniform'),
  glorotNormal: plain('glorotNormal'),
  heUniform: plain('heUniform'),
  heNormal: plain('heNormal'),
  lecunUniform: plain('lecunUniform'),
  lecunNormal: plain('lecunNormal'),
} satisfies Readonly<Record<InitializerName, (given: object, subject: string) => Initializer>>

const isName = (name: unknown): name is InitializerName => typeof name === 'string' && Object.hasOwn(makers, name)

/** An initializer by name, or as data with its parameters: `{ type: 'randomNormal', standardDeviation: 0.01 }`. */
export const initializer: Option<InitializerInput, Initializer> = written(
  {
    anyOf: [
      { enum: Object.keys(makers) },
      { type: 'object', properties: { type: { enum: Object.keys(makers) } }, required: ['type'] },
    ],
  },
  required(
    `one of ${quoted(Object.keys(makers))}, or one of them with its parameters as { type, … }`,
    (value, subject) => {
      const { type, ...given }: Readonly<Record<string, unknown>> = isOptionsObject(value)
        ? fieldsOf(value)
        : { type: value }
      return isName(type) ? makers[type](given, `initializer ${type} in the ${subject}`) : invalid
    },
  ),
)
