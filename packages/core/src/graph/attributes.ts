import {
  type AnyOption,
  axis,
  boolean,
  bothOf,
  defineOptions,
  integer,
  invalid,
  isOptionsObject,
  matching,
  number,
  numberAbove,
  type Option,
  oneOf,
  required,
  text,
  unfit,
} from '../options/index.js'
import { type Border, isShape, type Pair, type Shape } from '../shape.js'
import type { PrimitiveName, TensorType } from './primitives.js'

/** Lengths of axes, all above 0; a scalar has none. */
export const shapeKind: Option<Shape, Shape> = matching(
  'positive whole numbers, such as [2, 3]; none for a scalar',
  isShape,
)

const whole = (least: number): Option<readonly number[], readonly number[]> =>
  matching(
    `a list of whole numbers of at least ${least}`,
    (given): given is readonly number[] =>
      Array.isArray(given) && given.every((each) => Number.isSafeInteger(each) && each >= least),
  )

/** Axes of a tensor as a user writes them: negative ones count from the end. */
export const axesKind: Option<readonly number[], readonly number[]> = whole(Number.MIN_SAFE_INTEGER)

const sides = defineOptions({ top: integer(0), bottom: integer(0), left: integer(0), right: integer(0) })

/** Cells around an image, side by side. */
export const sidesKind: Option<Border, Border> = required('{ top, bottom, left, right }', (given, subject) =>
  sides.parse(subject, given as Border),
)

const dtype = oneOf('float32', 'bool', 'uint32')
const type = matching(
  "{ shape, dtype }, such as { shape: [2, 3], dtype: 'float32' }",
  (given): given is TensorType =>
    isOptionsObject(given) &&
    'shape' in given &&
    isShape(given.shape) &&
    'dtype' in given &&
    dtype.parse(given.dtype, '') !== invalid,
)

const paddings = matching(
  'a list of [before, after], whole numbers of at least 0',
  (given): given is readonly Pair[] =>
    Array.isArray(given) &&
    given.every(
      (each) =>
        Array.isArray(each) && each.length === 2 && each.every((cells) => Number.isSafeInteger(cells) && cells >= 0),
    ),
)

const convolution = { strides: bothOf(1), padding: sidesKind, dilations: bothOf(1), groups: integer(1) }
const pool = { size: bothOf(1), strides: bothOf(1), padding: sidesKind }
const normalization = { radius: integer(0), bias: numberAbove(0), alpha: number, beta: number }
const none = attributes({})
const reduction = attributes({ axes: whole(0), keepDimensions: boolean })
const named = attributes({ name: text, type })
const shaped = attributes({ shape: shapeKind })

/** What a convolution and a pooling are told of their windows. */
export const convolutionParts = attributes(convolution)
export const poolParts = attributes(pool)

/** Any number, for a constant may be infinite on purpose. */
const anyNumber = matching('a number', (given): given is number => typeof given === 'number')

/** What the attributes of each primitive are. */
export const attributeParts: { readonly [P in PrimitiveName]: Attributes } = {
  input: named,
  state: named,
  constant: attributes({ value: anyNumber, shape: shapeKind }),
  random: attributes({ stream: text, sampleShape: shapeKind }),
  add: none,
  subtract: none,
  multiply: none,
  divide: none,
  power: none,
  maximum: none,
  minimum: none,
  negate: none,
  exp: none,
  log: none,
  sqrt: none,
  tanh: none,
  sigmoid: none,
  erf: none,
  relu: none,
  equal: none,
  greater: none,
  greaterOrEqual: none,
  isFinite: none,
  and: none,
  not: none,
  select: none,
  sum: reduction,
  max: reduction,
  softmax: none,
  logSoftmax: none,
  matMul: attributes({ transposeA: boolean, transposeB: boolean }),
  conv2d: convolutionParts,
  conv2dInputGradient: attributes({ ...convolution, imageSize: bothOf(1) }),
  conv2dKernelGradient: attributes({ ...convolution, kernelSize: bothOf(1) }),
  maxPool2d: poolParts,
  maxPool2dGradient: poolParts,
  averagePool2d: poolParts,
  averagePool2dGradient: attributes({ ...pool, imageSize: bothOf(1) }),
  localResponseNormalization: attributes(normalization),
  localResponseNormalizationGradient: attributes(normalization),
  reshape: shaped,
  transpose: attributes({ permutation: whole(0) }),
  broadcastTo: shaped,
  concatenate: attributes({ axis }),
  slice: attributes({ start: whole(0), size: whole(1) }),
  pad: attributes({ padding: paddings }),
}

interface Attributes {
  /** @throws ConvzooError of kind `option` for one that is missing or does not fit. */
  check(subject: string, given: unknown): void
}

/** Attributes may stand among others, such as the options of the layer that passes them on. */
function attributes(schema: Readonly<Record<string, AnyOption>>): Attributes {
  const parts = defineOptions(schema)
  return {
    check(subject, given) {
      if (!isOptionsObject(given)) throw unfit('attributes', subject, 'an object', given)
      parts.parse(subject, Object.fromEntries(Object.keys(schema).map((name) => [name, Reflect.get(given, name)])))
    },
  }
}
