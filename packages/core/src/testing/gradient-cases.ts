import {
  type ConvolutionAttributes,
  type Ops,
  type PoolAttributes,
  type PrimitiveName,
  poolSize,
  type ReductionOptions,
  type Value,
} from '../graph/index.js'
import { borderOf, noBorder, type Shape } from '../shape.js'

/** A function of values of these shapes whose gradients are compared with differences. */
export interface GradientCase {
  readonly title: string
  readonly shapes: readonly Shape[]
  /** Where the inputs lie; [−2, 2] by default. */
  readonly range?: readonly [low: number, high: number]
  /** Whether the function has kinks, so that inputs must keep away from each other and from 0. */
  readonly kinks?: boolean
  readonly apply: (ops: Ops, values: readonly Value[]) => Value
}

type Apply1 = (ops: Ops, x: Value) => Value
type Apply2 = (ops: Ops, a: Value, b: Value) => Value
type Settings = Pick<GradientCase, 'range' | 'kinks'>

function one(title: string, shape: Shape, apply: Apply1, settings: Settings = {}): GradientCase {
  return { title, shapes: [shape], apply: (ops, values) => apply(ops, at(values, 0)), ...settings }
}

function two(title: string, a: Shape, b: Shape, apply: Apply2, settings: Settings = {}): GradientCase {
  return { title, shapes: [a, b], apply: (ops, values) => apply(ops, at(values, 0), at(values, 1)), ...settings }
}

function at(values: readonly Value[], index: number): Value {
  const found = values[index]
  if (found === undefined) throw new Error(`There is no value ${index}.`)
  return found
}

const unary = (apply: Apply1, settings: Settings = {}): GradientCase[] => [
  one('a vector', [5], apply, settings),
  one('a matrix', [2, 3], apply, settings),
]

const binary = (apply: Apply2, settings: Settings = {}): GradientCase[] => [
  two('equal shapes', [2, 3], [2, 3], apply, settings),
  two('the second is broadcast over the first axis', [2, 3], [3], apply, settings),
  two('the first is broadcast over the first axis', [3], [2, 3], apply, settings),
  two('the second is a scalar', [2, 3], [], apply, settings),
  two('the first is a scalar', [], [2, 3], apply, settings),
  two('each is broadcast along an axis of the other', [2, 1, 3], [4, 1], apply, settings),
  two('a length of 1 on both sides stays', [1, 3], [1, 1], apply, settings),
]

const reductions = (apply: (ops: Ops, x: Value, options: ReductionOptions) => Value, settings: Settings = {}) =>
  (
    [
      ['over everything', [2, 3], {}],
      ['over everything, keeping dimensions', [2, 3], { keepDimensions: true }],
      ['over the first axis', [2, 3, 2], { axes: [0] }],
      ['over the last axis, keeping dimensions', [2, 3], { axes: [-1], keepDimensions: true }],
      ['over two axes', [2, 3, 4], { axes: [2, 0] }],
      ['over two axes, keeping dimensions', [2, 3, 4], { axes: [0, 1], keepDimensions: true }],
      ['over an axis of length 1', [3, 1], { axes: [1] }],
    ] as const
  ).map(([title, shape, options]) => one(title, shape, (ops, x) => apply(ops, x, options), settings))

interface Convolution {
  readonly title: string
  readonly x: Shape
  readonly kernel: Shape
  readonly attributes?: Partial<ConvolutionAttributes>
}

const convolutions: readonly Convolution[] = [
  { title: 'plain', x: [2, 4, 5, 2], kernel: [3, 2, 2, 3] },
  { title: 'strides that leave cells unused', x: [1, 6, 7, 2], kernel: [3, 3, 2, 2], attributes: { strides: [2, 3] } },
  { title: 'strides longer than the kernel', x: [1, 7, 7, 1], kernel: [2, 2, 1, 2], attributes: { strides: [3, 3] } },
  {
    title: 'asymmetric padding',
    x: [1, 4, 3, 2],
    kernel: [3, 3, 2, 2],
    attributes: { padding: { top: 0, bottom: 2, left: 1, right: 0 } },
  },
  {
    title: 'padding same under stride 2',
    x: [1, 6, 5, 2],
    kernel: [3, 4, 2, 1],
    attributes: { strides: [2, 2], padding: borderOf('same', [6, 5], [3, 4], [2, 2]) },
  },
  { title: 'dilations', x: [1, 6, 7, 1], kernel: [2, 3, 1, 2], attributes: { dilations: [3, 2] } },
  {
    title: 'dilations, strides and padding',
    x: [1, 7, 6, 2],
    kernel: [3, 2, 2, 2],
    attributes: { dilations: [2, 3], strides: [2, 1], padding: { top: 1, bottom: 2, left: 2, right: 0 } },
  },
  { title: 'two groups', x: [2, 4, 4, 4], kernel: [3, 3, 2, 6], attributes: { groups: 2 } },
  { title: 'a group a channel', x: [1, 4, 4, 3], kernel: [2, 2, 1, 6], attributes: { groups: 3, strides: [1, 2] } },
  { title: 'a kernel of 1×1', x: [2, 3, 3, 3], kernel: [1, 1, 3, 2] },
  { title: 'a kernel of 1×1 under stride 2', x: [1, 5, 4, 2], kernel: [1, 1, 2, 2], attributes: { strides: [2, 2] } },
  { title: 'a kernel as large as its input', x: [2, 3, 4, 2], kernel: [3, 4, 2, 3] },
]

function attributesOf({ attributes }: Convolution): ConvolutionAttributes {
  return { strides: [1, 1], padding: noBorder, dilations: [1, 1], groups: 1, ...attributes }
}

/** The output's shape by the textbook's formula. */
function outputShape(convolution: Convolution): Shape {
  const { strides, padding, dilations } = attributesOf(convolution)
  const [n = 0, h = 0, w = 0] = convolution.x
  const [kh = 0, kw = 0, , filters = 0] = convolution.kernel
  const length = (cells: number, k: number, stride: number, dilation: number) =>
    Math.floor((cells - (k - 1) * dilation - 1) / stride) + 1
  return [
    n,
    length(h + padding.top + padding.bottom, kh, strides[0], dilations[0]),
    length(w + padding.left + padding.right, kw, strides[1], dilations[1]),
    filters,
  ]
}

interface Pooling {
  readonly title: string
  readonly x: Shape
  readonly attributes: PoolAttributes
}

const poolings: readonly Pooling[] = [
  {
    title: 'windows side by side',
    x: [2, 4, 6, 2],
    attributes: { size: [2, 3], strides: [2, 3], padding: noBorder },
  },
  {
    title: 'overlapping windows',
    x: [1, 7, 5, 2],
    attributes: { size: [3, 3], strides: [2, 2], padding: noBorder },
  },
  {
    title: 'every window one step on',
    x: [1, 4, 4, 1],
    attributes: { size: [3, 2], strides: [1, 1], padding: noBorder },
  },
  {
    title: 'padding same',
    x: [1, 5, 4, 2],
    attributes: { size: [3, 3], strides: [2, 2], padding: borderOf('same', [5, 4], [3, 3], [2, 2]) },
  },
  {
    title: 'a window as large as its input',
    x: [2, 3, 2, 2],
    attributes: { size: [3, 2], strides: [1, 1], padding: noBorder },
  },
]

const leavesCells: Pooling = {
  title: 'strides that leave cells unused',
  x: [1, 6, 7, 2],
  attributes: { size: [2, 2], strides: [3, 4], padding: noBorder },
}

const normalizations = [
  { title: "the paper's constants", radius: 2, bias: 2, alpha: 1e-4, beta: 0.75 },
  { title: "TensorFlow's defaults", radius: 5, bias: 1, alpha: 1, beta: 0.5 },
  { title: 'no neighbours', radius: 0, bias: 0.5, alpha: 2, beta: 1.3 },
]

/** For each primitive that has a gradient, functions that use it. */
export const gradientCases: { readonly [P in PrimitiveName]?: readonly GradientCase[] } = {
  add: binary((ops, a, b) => ops.add(a, b)),
  subtract: binary((ops, a, b) => ops.subtract(a, b)),
  multiply: binary((ops, a, b) => ops.multiply(a, b)),
  divide: [
    ...binary((ops, a, b) => ops.divide(a, b), { range: [0.5, 2] }),
    ...unary((ops, x) => ops.divide(2, x), { range: [-2, -0.5] }),
  ],
  power: [
    ...binary((ops, a, b) => ops.power(a, b), { range: [0.5, 2] }),
    one('a negative base under a whole exponent', [4], (ops, x) => ops.power(x, 3), { range: [-2, -0.5] }),
  ],
  maximum: binary((ops, a, b) => ops.maximum(a, b), { kinks: true }),
  minimum: binary((ops, a, b) => ops.minimum(a, b), { kinks: true }),

  negate: unary((ops, x) => ops.negate(x)),
  exp: unary((ops, x) => ops.exp(x)),
  log: unary((ops, x) => ops.log(x), { range: [0.5, 2] }),
  sqrt: unary((ops, x) => ops.sqrt(x), { range: [0.5, 2] }),
  tanh: unary((ops, x) => ops.tanh(x)),
  sigmoid: unary((ops, x) => ops.sigmoid(x)),
  erf: unary((ops, x) => ops.erf(x)),
  relu: unary((ops, x) => ops.relu(x), { kinks: true }),
  select: [
    ...binary((ops, a, b) =>
      ops.select(ops.greater(ops.constant(1, [2, 3]), 0), ops.add(a, b), ops.multiply(a, b)),
    ).slice(0, 1),
    two('chosen by the values themselves', [2, 3], [3], (ops, a, b) => ops.select(ops.greater(a, b), a, b), {
      kinks: true,
    }),
    two('a condition wider than both', [3], [], (ops, a, b) =>
      ops.select(ops.greater(ops.concatenate([ops.constant(1, [1, 3]), ops.constant(-1, [1, 3])], 0), 0), a, b),
    ),
  ],

  sum: reductions((ops, x, options) => ops.sum(x, options)),
  max: reductions((ops, x, options) => ops.max(x, options), { kinks: true }),
  softmax: [
    one('rows', [3, 4], (ops, x) => ops.softmax(x)),
    one('an image', [2, 2, 2, 3], (ops, x) => ops.softmax(x)),
    one('a vector', [4], (ops, x) => ops.softmax(x)),
  ],
  logSoftmax: [
    one('rows', [3, 4], (ops, x) => ops.logSoftmax(x)),
    one('an image', [1, 2, 2, 3], (ops, x) => ops.logSoftmax(x)),
  ],

  matMul: [
    two('a·b', [2, 3], [3, 4], (ops, a, b) => ops.matMul(a, b)),
    two('aᵀ·b', [3, 2], [3, 4], (ops, a, b) => ops.matMul(a, b, { transposeA: true })),
    two('a·bᵀ', [2, 3], [4, 3], (ops, a, b) => ops.matMul(a, b, { transposeB: true })),
    two('aᵀ·bᵀ', [3, 2], [4, 3], (ops, a, b) => ops.matMul(a, b, { transposeA: true, transposeB: true })),
    two('a row and a column', [1, 3], [3, 1], (ops, a, b) => ops.matMul(a, b)),
    one('a value with itself', [3, 3], (ops, x) => ops.matMul(x, x, { transposeB: true })),
  ],

  conv2d: convolutions.map((convolution) =>
    two(convolution.title, convolution.x, convolution.kernel, (ops, x, kernel) =>
      ops.conv2d(x, kernel, attributesOf(convolution)),
    ),
  ),
  conv2dInputGradient: convolutions.map((convolution) =>
    two(convolution.title, outputShape(convolution), convolution.kernel, (ops, dy, kernel) => {
      const [, height = 0, width = 0] = convolution.x
      return ops.conv2dInputGradient(dy, kernel, { ...attributesOf(convolution), imageSize: [height, width] })
    }),
  ),
  conv2dKernelGradient: convolutions.map((convolution) =>
    two(convolution.title, convolution.x, outputShape(convolution), (ops, x, dy) => {
      const [height = 0, width = 0] = convolution.kernel
      return ops.conv2dKernelGradient(x, dy, { ...attributesOf(convolution), kernelSize: [height, width] })
    }),
  ),
  maxPool2d: poolings.map(({ title, x, attributes }) =>
    one(title, x, (ops, value) => ops.maxPool2d(value, attributes), { kinks: true }),
  ),
  averagePool2d: [...poolings, leavesCells].map(({ title, x, attributes }) =>
    one(title, x, (ops, value) => ops.averagePool2d(value, attributes)),
  ),
  averagePool2dGradient: [...poolings, leavesCells].map(({ title, x, attributes }) => {
    const [n = 0, height = 0, width = 0, channels = 0] = x
    const dy = [n, ...poolSize([height, width], attributes), channels]
    return one(title, dy, (ops, value) =>
      ops.averagePool2dGradient(value, { ...attributes, imageSize: [height, width] }),
    )
  }),
  localResponseNormalization: normalizations.flatMap(({ title, ...attributes }) => [
    one(`${title}, an image`, [2, 2, 1, 7], (ops, x) => ops.localResponseNormalization(x, attributes)),
    one(`${title}, rows of few channels`, [3, 2], (ops, x) => ops.localResponseNormalization(x, attributes)),
  ]),

  reshape: [
    one('to one axis', [2, 3], (ops, x) => ops.reshape(x, [6])),
    one('to more', [6], (ops, x) => ops.reshape(x, [1, 3, 2])),
  ],
  transpose: [
    one('a matrix', [2, 3], (ops, x) => ops.transpose(x, [1, 0])),
    one('a permutation that is not its own inverse', [2, 3, 4], (ops, x) => ops.transpose(x, [2, 0, 1])),
  ],
  broadcastTo: [
    one('a scalar', [], (ops, x) => ops.broadcastTo(x, [2, 3])),
    one('new axes in front', [3], (ops, x) => ops.broadcastTo(x, [2, 2, 3])),
    one('an inner axis', [2, 1, 3], (ops, x) => ops.broadcastTo(x, [2, 4, 3])),
  ],
  concatenate: [
    two('the last axis', [2, 3], [2, 1], (ops, a, b) => ops.concatenate([a, b], -1)),
    two('the first axis, one of them twice', [1, 2], [3, 2], (ops, a, b) => ops.concatenate([a, b, a], 0)),
  ],
  slice: [
    one('inside', [4, 5], (ops, x) => ops.slice(x, [1, 2], [2, 2])),
    one('one whole axis', [2, 3], (ops, x) => ops.slice(x, [0, 1], [2, 2])),
  ],
  pad: [
    one('around an image', [1, 2, 3, 2], (ops, x) => ops.padImage(x, { top: 1, bottom: 0, left: 2, right: 3 })),
    one('one axis of two', [2, 2], (ops, x) =>
      ops.pad(x, [
        [0, 0],
        [1, 2],
      ]),
    ),
  ],
}
