import type { Shape } from '@convzoo/core'
import { type Ops, sizeOf, type Value } from '@convzoo/core/define'
import { axisLength, type PrimitiveName } from '@convzoo/core/engine'
import { type ConvolutionCase, convolutions, image, nowhere, plainConvolution } from './convolution-cases.js'

/** A primitive on inputs of given shapes. */
export interface PrimitiveCase {
  readonly title: string
  readonly shapes: readonly Shape[]
  /** Where the inputs are drawn from, [−1, 1] by default. */
  readonly from?: number
  readonly to?: number
  readonly build: (ops: Ops, inputs: readonly Value[]) => Value
}

type One = (ops: Ops, x: Value) => Value
type Two = (ops: Ops, a: Value, b: Value) => Value

const at = (inputs: readonly Value[], index: number): Value => {
  const value = inputs[index]
  if (value === undefined) throw new Error(`A case has no input ${index}.`)
  return value
}

const one = (
  build: One,
  shapes: readonly Shape[] = [[3, 5], image],
  range: { from?: number; to?: number } = {},
): PrimitiveCase[] =>
  shapes.map((shape) => ({
    title: `[${shape}]`,
    shapes: [shape],
    build: (ops, inputs) => build(ops, at(inputs, 0)),
    ...range,
  }))

const two = (
  build: Two,
  pairs: readonly (readonly [Shape, Shape])[],
  range: { from?: number; to?: number } = {},
): PrimitiveCase[] =>
  pairs.map(([a, b]) => ({
    title: `[${a}] and [${b}]`,
    shapes: [a, b],
    build: (ops, inputs) => build(ops, at(inputs, 0), at(inputs, 1)),
    ...range,
  }))

const broadcasts: readonly (readonly [Shape, Shape])[] = [
  [
    [3, 5],
    [3, 5],
  ],
  [[3, 5], [5]],
  [[], [3, 5]],
  [
    [3, 1],
    [1, 5],
  ],
  [image, image],
  [image, [4]],
  [image, []],
  [image, [2, 1, 1, 1]],
]

/** Truth values as numbers, which every engine can give back. */
const truth = (ops: Ops, condition: Value): Value => ops.select(condition, 1, 0)

const convolutionCases = (
  build: (ops: Ops, x: Value, kernel: Value, y: Value, c: ConvolutionCase) => Value,
): PrimitiveCase[] =>
  convolutions.map((c) => ({
    title: c.title,
    shapes: [c.x, c.k],
    build: (ops, inputs) => {
      const x = at(inputs, 0)
      const kernel = at(inputs, 1)
      return build(ops, x, kernel, ops.conv2d(x, kernel, c), c)
    },
  }))

const pools = [
  { title: '3/2 overlapping', size: [3, 3], strides: [2, 2], padding: nowhere },
  { title: '2/2', size: [2, 2], strides: [2, 2], padding: nowhere },
  { title: 'padded 3/2', size: [3, 3], strides: [2, 2], padding: { top: 1, bottom: 1, left: 0, right: 1 } },
  { title: '3×2 / 1×2', size: [3, 2], strides: [1, 2], padding: nowhere },
  { title: '2/3, leaving cells', size: [2, 2], strides: [3, 3], padding: nowhere },
  { title: 'the whole image', size: [7, 6], strides: [1, 1], padding: nowhere },
] as const

const poolCases = (build: (ops: Ops, x: Value, pool: (typeof pools)[number]) => Value): PrimitiveCase[] =>
  pools.flatMap((pool) => one((ops, x) => build(ops, x, pool), [image]).map((each) => ({ ...each, title: pool.title })))

const normalizations = [
  { title: "the paper's constants", radius: 2, bias: 2, alpha: 1e-4, beta: 0.75 },
  { title: "TensorFlow's defaults", radius: 5, bias: 1, alpha: 1, beta: 0.5 },
  { title: 'without neighbours', radius: 0, bias: 0.5, alpha: 2, beta: 1.3 },
] as const

/** On rows, on an image as it comes in, and on one that a convolution gives. */
const normalizationCases = (
  build: (ops: Ops, x: Value, normalization: (typeof normalizations)[number]) => Value,
): PrimitiveCase[] =>
  normalizations.flatMap((normalization) => [
    ...one((ops, x) => build(ops, x, normalization), [[3, 9], image], { from: -3, to: 3 }).map((each) => ({
      ...each,
      title: `${normalization.title}, ${each.title}`,
    })),
    {
      title: `${normalization.title}, behind a convolution`,
      shapes: [image, [1, 1, 4, 9]],
      from: -3,
      to: 3,
      build: (ops: Ops, inputs: readonly Value[]) =>
        build(ops, ops.conv2d(at(inputs, 0), at(inputs, 1), plainConvolution), normalization),
    },
  ])

/** Rounded values, so that windows hold several equal maxima. */
const withTies = (ops: Ops, x: Value): Value =>
  ops.select(ops.greater(x, 0), 1, ops.select(ops.greater(x, -0.5), 0, -1))

const reductions = (
  build: (ops: Ops, x: Value, options: { axes: readonly number[]; keepDimensions: boolean }) => Value,
): PrimitiveCase[] =>
  [[0, 1, 2, 3], [1, 2], [3], [0, 1, 2], [0], [2, 3]].flatMap((axes) =>
    [false, true].map((keepDimensions) => ({
      title: `axes ${axes}${keepDimensions ? ', kept' : ''}`,
      shapes: [image],
      build: (ops: Ops, inputs: readonly Value[]) => build(ops, at(inputs, 0), { axes, keepDimensions }),
    })),
  )

const square: readonly (readonly [Shape, Shape])[] = [
  [
    [4, 5],
    [5, 3],
  ],
]

/** Every primitive, with what an engine has to get right of it. Sources of values (input, state, constant) take part in all cases. */
export const primitiveCases: Readonly<Record<PrimitiveName, readonly PrimitiveCase[]>> = {
  input: one((_ops, x) => x, [[3], image]),
  state: one((ops, x) => ops.add(x, 1), [[3], image]),
  constant: one((ops, x) => ops.add(ops.constant(2.5, [40, 60]), x), [[60]]),
  random: one((_ops, x) => x, [[4, 6]]),
  add: two((ops, a, b) => ops.add(a, b), broadcasts),
  subtract: two((ops, a, b) => ops.subtract(a, b), broadcasts),
  multiply: two((ops, a, b) => ops.multiply(a, b), broadcasts),
  divide: two((ops, a, b) => ops.divide(a, b), broadcasts, { from: 0.5, to: 2 }),
  power: two((ops, a, b) => ops.power(a, b), broadcasts, { from: 0.5, to: 2 }),
  maximum: two((ops, a, b) => ops.maximum(a, b), broadcasts),
  minimum: two((ops, a, b) => ops.minimum(a, b), broadcasts),
  negate: one((ops, x) => ops.negate(x)),
  exp: one((ops, x) => ops.exp(x)),
  log: one((ops, x) => ops.log(x), undefined, { from: 0.1, to: 3 }),
  sqrt: one((ops, x) => ops.sqrt(x), undefined, { from: 0.1, to: 3 }),
  tanh: one((ops, x) => ops.tanh(x)),
  sigmoid: one((ops, x) => ops.sigmoid(x)),
  erf: one((ops, x) => ops.erf(x), undefined, { from: -3, to: 3 }),
  relu: one((ops, x) => ops.relu(x)),
  equal: two((ops, a, b) => truth(ops, ops.equal(withTies(ops, a), withTies(ops, b))), broadcasts),
  greater: two((ops, a, b) => truth(ops, ops.greater(a, b)), broadcasts),
  greaterOrEqual: two((ops, a, b) => truth(ops, ops.greaterOrEqual(withTies(ops, a), withTies(ops, b))), broadcasts),
  isFinite: one((ops, x) => truth(ops, ops.isFinite(ops.divide(1, withTies(ops, x))))),
  and: two((ops, a, b) => truth(ops, ops.and(ops.greater(a, 0), ops.greater(b, 0))), broadcasts),
  not: one((ops, x) => truth(ops, ops.not(ops.greater(x, 0)))),
  select: two((ops, a, b) => ops.select(ops.greater(a, 0), b, ops.multiply(b, 2)), broadcasts),
  sum: reductions((ops, x, options) => ops.sum(x, options)),
  max: reductions((ops, x, options) => ops.max(x, options)),
  softmax: one((ops, x) => ops.softmax(ops.multiply(x, 20)), [[3, 5]]),
  logSoftmax: one((ops, x) => ops.logSoftmax(ops.multiply(x, 20)), [[3, 5]]),
  matMul: [
    ...two((ops, a, b) => ops.matMul(a, b), square),
    ...two(
      (ops, a, b) => ops.matMul(a, b, { transposeA: true }),
      [
        [
          [5, 4],
          [5, 3],
        ],
      ],
    ),
    ...two(
      (ops, a, b) => ops.matMul(a, b, { transposeB: true }),
      [
        [
          [4, 5],
          [3, 5],
        ],
      ],
    ),
    ...two(
      (ops, a, b) => ops.matMul(a, b, { transposeA: true, transposeB: true }),
      [
        [
          [5, 4],
          [3, 5],
        ],
      ],
    ),
    {
      title: 'with a bias',
      shapes: [[4, 5], [5, 3], [3]],
      build: (ops, inputs) => ops.add(ops.matMul(at(inputs, 0), at(inputs, 1)), at(inputs, 2)),
    },
    {
      title: 'accumulated, as momentum does',
      shapes: [[5, 4], [5, 3], [4, 3], []],
      build: (ops, inputs) =>
        ops.subtract(
          ops.multiply(at(inputs, 2), 0.9),
          ops.multiply(at(inputs, 3), ops.matMul(at(inputs, 0), at(inputs, 1), { transposeA: true })),
        ),
    },
    {
      title: 'decayed, as SGDW does',
      shapes: [[4, 3], []],
      build: (ops, inputs) => ops.subtract(at(inputs, 0), ops.multiply(at(inputs, 1), at(inputs, 0))),
    },
  ],
  conv2d: [
    ...convolutionCases((_ops, _x, _kernel, y) => y),
    {
      title: 'with a bias and relu',
      shapes: [image, [3, 3, 4, 5], [5]],
      build: (ops, inputs) =>
        ops.relu(ops.add(ops.conv2d(at(inputs, 0), at(inputs, 1), plainConvolution), at(inputs, 2))),
    },
  ],
  conv2dInputGradient: convolutionCases((ops, x, kernel, y, c) =>
    ops.conv2dInputGradient(y, kernel, { ...c, imageSize: [x.shape[1] ?? 0, x.shape[2] ?? 0] }),
  ),
  conv2dKernelGradient: [
    ...convolutionCases((ops, x, _kernel, y, c) =>
      ops.conv2dKernelGradient(x, y, { ...c, kernelSize: [axisLength(c.k, 0), axisLength(c.k, 1)] }),
    ),
    {
      title: 'accumulated, as momentum does',
      shapes: [image, [3, 3, 4, 5], [3, 3, 4, 5], []],
      build: (ops, inputs) => {
        const y = ops.conv2d(at(inputs, 0), at(inputs, 1), plainConvolution)
        const gradient = ops.conv2dKernelGradient(at(inputs, 0), y, { ...plainConvolution, kernelSize: [3, 3] })
        return ops.subtract(ops.multiply(at(inputs, 2), 0.9), ops.multiply(at(inputs, 3), gradient))
      },
    },
  ],
  maxPool2d: poolCases((ops, x, pool) => ops.maxPool2d(x, pool)),
  maxPool2dGradient: pools.flatMap((pool) =>
    [
      ...one((ops, x) => ops.maxPool2dGradient(x, ops.multiply(ops.maxPool2d(x, pool), 3), pool), [image]),
      ...one((ops, x) => ops.maxPool2dGradient(withTies(ops, x), ops.maxPool2d(x, pool), pool), [image]),
    ].map((each, index) => ({ ...each, title: `${pool.title}${index === 1 ? ', ties' : ''}` })),
  ),
  averagePool2d: poolCases((ops, x, pool) => ops.averagePool2d(x, pool)),
  averagePool2dGradient: poolCases((ops, x, pool) =>
    ops.averagePool2dGradient(ops.square(ops.averagePool2d(x, pool)), {
      ...pool,
      imageSize: [x.shape[1] ?? 0, x.shape[2] ?? 0],
    }),
  ),
  localResponseNormalization: normalizationCases((ops, x, normalization) =>
    ops.localResponseNormalization(x, normalization),
  ),
  localResponseNormalizationGradient: normalizationCases((ops, x, normalization) =>
    ops.localResponseNormalizationGradient(x, ops.tanh(x), normalization),
  ),
  reshape: [
    ...one((ops, x) => ops.reshape(x, [5, 3]), [[3, 5]]),
    ...one((ops, x) => ops.reshape(x, [2, sizeOf(image) / 2]), [image]),
  ],
  transpose: [
    ...one((ops, x) => ops.transpose(x, [1, 0]), [[3, 5]]),
    ...one((ops, x) => ops.transpose(x, [2, 0, 3, 1]), [image]),
  ],
  broadcastTo: [
    ...one((ops, x) => ops.broadcastTo(x, [4, 3, 5]), [[3, 1]]),
    ...one((ops, x) => ops.broadcastTo(x, image), [[1, 7, 1, 4]]),
  ],
  concatenate: [0, 1, 2, 3].flatMap((axis) =>
    two(
      (ops, a, b) => ops.concatenate([a, b, a], axis),
      [[image, image.map((length, other) => (other === axis ? 2 : length))]],
    ).map((each) => ({ ...each, title: `axis ${axis}` })),
  ),
  slice: one((ops, x) => ops.slice(x, [0, 2, 1, 1], [2, 3, 4, 2]), [image]),
  pad: one((ops, x) => ops.padImage(x, { top: 1, bottom: 2, left: 3, right: 0 }), [image]),
}
