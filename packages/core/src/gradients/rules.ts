import { internalError } from '../errors/index.js'
import { axis4 } from '../graph/inference.js'
import type { Ops } from '../graph/ops.js'
import type { PrimitiveAttributes, PrimitiveName } from '../graph/primitives.js'
import type { Value } from '../graph/value.js'
import { axisLength, type Pair, type Shape, sameShape } from '../shape.js'

/** A primitive applied, seen from its gradient. */
interface Applied {
  readonly ops: Ops
  readonly inputs: readonly Value[]
  readonly output: Value
}

interface Application<Attributes> extends Applied {
  readonly attributes: Attributes
}

/** From dL/doutput to dL/dinput for each input; `undefined` where nothing flows. */
export type GradientRule<Attributes> = (
  application: Application<Attributes>,
  gradient: Value,
) => readonly (Value | undefined)[]

/** Of a primitive whose value does not change, or jumps, with its inputs, or that is never differentiated again. */
export const noGradient = 'none'

function one(inputs: readonly Value[], index = 0): Value {
  const value = inputs[index]
  if (value === undefined) throw internalError(`A gradient rule asked for input ${index}, which is not there.`)
  return value
}

function two(inputs: readonly Value[]): [Value, Value] {
  return [one(inputs, 0), one(inputs, 1)]
}

/** Sums a gradient over the axes along which a value of `shape` was broadcast. */
function sumToShape(ops: Ops, gradient: Value, shape: Shape): Value {
  if (sameShape(gradient.shape, shape)) return gradient
  const added = gradient.shape.length - shape.length
  const axes = gradient.shape.flatMap((length, axis) =>
    axis < added || (shape[axis - added] === 1 && length !== 1) ? [axis] : [],
  )
  return ops.reshape(ops.sum(gradient, { axes }), shape)
}

/** A reduction's result with the reduced axes of `shape` put back as length 1. */
function keepAxes(ops: Ops, reduced: Value, shape: Shape, axes: readonly number[]): Value {
  return ops.reshape(
    reduced,
    shape.map((length, axis) => (axes.includes(axis) ? 1 : length)),
  )
}

type Binary = (ops: Ops, a: Value, b: Value, y: Value, g: Value) => readonly [Value, Value]
const binary =
  (rule: Binary) =>
  ({ ops, inputs, output }: Applied, gradient: Value): readonly Value[] => {
    const [a, b] = two(inputs)
    const [ga, gb] = rule(ops, a, b, output, gradient)
    return [sumToShape(ops, ga, a.shape), sumToShape(ops, gb, b.shape)]
  }

type Unary = (ops: Ops, x: Value, y: Value, g: Value) => Value
const unary =
  (rule: Unary) =>
  ({ ops, inputs, output }: Applied, gradient: Value): readonly Value[] => [rule(ops, one(inputs), output, gradient)]

const lastAxis = { axes: [-1], keepDimensions: true }

/** One rule for each primitive. */
export const gradientRules: {
  readonly [P in PrimitiveName]: GradientRule<PrimitiveAttributes[P]> | typeof noGradient
} = {
  input: noGradient,
  state: noGradient,
  constant: noGradient,
  random: noGradient,

  add: binary((_ops, _a, _b, _y, g) => [g, g]),
  subtract: binary((ops, _a, _b, _y, g) => [g, ops.negate(g)]),
  multiply: binary((ops, a, b, _y, g) => [ops.multiply(g, b), ops.multiply(g, a)]),
  divide: binary((ops, _a, b, y, g) => [ops.divide(g, b), ops.negate(ops.divide(ops.multiply(g, y), b))]),
  // d(a^b)/da = b·a^(b−1); d(a^b)/db = a^b·ln a, which is 0 at a = 0.
  power: binary((ops, a, b, y, g) => [
    ops.multiply(g, ops.multiply(b, ops.power(a, ops.subtract(b, 1)))),
    ops.multiply(g, ops.select(ops.greater(a, 0), ops.multiply(y, ops.log(ops.select(ops.greater(a, 0), a, 1))), 0)),
  ]),
  // Where both are equal the first takes it, as in TensorFlow.
  maximum: binary((ops, a, b, _y, g) => {
    const first = ops.greaterOrEqual(a, b)
    return [ops.select(first, g, 0), ops.select(first, 0, g)]
  }),
  minimum: binary((ops, a, b, _y, g) => {
    const first = ops.greaterOrEqual(b, a)
    return [ops.select(first, g, 0), ops.select(first, 0, g)]
  }),

  negate: unary((ops, _x, _y, g) => ops.negate(g)),
  exp: unary((ops, _x, y, g) => ops.multiply(g, y)),
  log: unary((ops, x, _y, g) => ops.divide(g, x)),
  sqrt: unary((ops, _x, y, g) => ops.divide(g, ops.multiply(y, 2))),
  tanh: unary((ops, _x, y, g) => ops.multiply(g, ops.subtract(1, ops.multiply(y, y)))),
  sigmoid: unary((ops, _x, y, g) => ops.multiply(g, ops.multiply(y, ops.subtract(1, y)))),
  // 2 / √π · exp(−x²)
  erf: unary((ops, x, _y, g) =>
    ops.multiply(g, ops.multiply(ops.exp(ops.negate(ops.square(x))), 2 / Math.sqrt(Math.PI))),
  ),
  relu: unary((ops, _x, y, g) => ops.select(ops.greater(y, 0), g, 0)),

  equal: noGradient,
  greater: noGradient,
  greaterOrEqual: noGradient,
  isFinite: noGradient,
  and: noGradient,
  not: noGradient,
  select: ({ ops, inputs }, gradient) => {
    const condition = one(inputs)
    const a = one(inputs, 1)
    const b = one(inputs, 2)
    return [
      undefined,
      sumToShape(ops, ops.select(condition, gradient, 0), a.shape),
      sumToShape(ops, ops.select(condition, 0, gradient), b.shape),
    ]
  },

  sum: ({ ops, inputs, attributes: { axes } }, gradient) => {
    const { shape } = one(inputs)
    return [ops.broadcastTo(keepAxes(ops, gradient, shape, axes), shape)]
  },
  // Elements that are equally large share the gradient equally, as in TensorFlow (`python/ops/math_grad.py`, `_MinOrMaxGrad`).
  max: ({ ops, inputs, output, attributes: { axes } }, gradient) => {
    const x = one(inputs)
    const largest = ops.select(ops.equal(x, keepAxes(ops, output, x.shape, axes)), 1, 0)
    const shares = ops.divide(keepAxes(ops, gradient, x.shape, axes), ops.sum(largest, { axes, keepDimensions: true }))
    return [ops.multiply(largest, shares)]
  },
  // dx = y·(g − Σ g·y)
  softmax: unary((ops, _x, y, g) => ops.multiply(y, ops.subtract(g, ops.sum(ops.multiply(g, y), lastAxis)))),
  // dx = g − softmax(x)·Σ g
  logSoftmax: unary((ops, x, _y, g) => ops.subtract(g, ops.multiply(ops.softmax(x), ops.sum(g, lastAxis)))),

  matMul: ({ ops, inputs, attributes: { transposeA, transposeB } }, gradient) => {
    const [a, b] = two(inputs)
    return [
      transposeA
        ? ops.matMul(b, gradient, { transposeA: transposeB, transposeB: true })
        : ops.matMul(gradient, b, { transposeB: !transposeB }),
      transposeB
        ? ops.matMul(gradient, a, { transposeA: true, transposeB: transposeA })
        : ops.matMul(a, gradient, { transposeA: !transposeA }),
    ]
  },

  // A convolution is linear in its input and in its kernel; the three convolution primitives are each other's gradients.
  conv2d: ({ ops, inputs, attributes }, gradient) => {
    const [x, kernel] = two(inputs)
    return [
      ops.conv2dInputGradient(gradient, kernel, { ...attributes, imageSize: imageSize(x) }),
      ops.conv2dKernelGradient(x, gradient, { ...attributes, kernelSize: kernelSize(kernel) }),
    ]
  },
  conv2dInputGradient: ({ ops, inputs, attributes: { imageSize: _, ...attributes } }, gradient) => {
    const [dy, kernel] = two(inputs)
    return [
      ops.conv2d(gradient, kernel, attributes),
      ops.conv2dKernelGradient(gradient, dy, { ...attributes, kernelSize: kernelSize(kernel) }),
    ]
  },
  conv2dKernelGradient: ({ ops, inputs, attributes: { kernelSize: _, ...attributes } }, gradient) => {
    const [x, dy] = two(inputs)
    return [
      ops.conv2dInputGradient(dy, gradient, { ...attributes, imageSize: imageSize(x) }),
      ops.conv2d(x, gradient, attributes),
    ]
  },

  maxPool2d: ({ ops, inputs, attributes }, gradient) => [ops.maxPool2dGradient(one(inputs), gradient, attributes)],
  maxPool2dGradient: noGradient,
  // Averaging is linear: the two primitives are each other's gradients.
  averagePool2d: ({ ops, inputs, attributes }, gradient) => [
    ops.averagePool2dGradient(gradient, { ...attributes, imageSize: imageSize(one(inputs)) }),
  ],
  averagePool2dGradient: ({ ops, attributes: { imageSize: _, ...attributes } }, gradient) => [
    ops.averagePool2d(gradient, attributes),
  ],

  localResponseNormalization: ({ ops, inputs, attributes }, gradient) => [
    ops.localResponseNormalizationGradient(one(inputs), gradient, attributes),
  ],
  localResponseNormalizationGradient: noGradient,

  reshape: ({ ops, inputs }, gradient) => [ops.reshape(gradient, one(inputs).shape)],
  transpose: ({ ops, attributes: { permutation } }, gradient) => [
    ops.transpose(
      gradient,
      permutation.map((_, axis) => permutation.indexOf(axis)),
    ),
  ],
  broadcastTo: ({ ops, inputs }, gradient) => [sumToShape(ops, gradient, one(inputs).shape)],
  concatenate: ({ ops, inputs, attributes: { axis } }, gradient) => {
    let start = 0
    return inputs.map((input) => {
      const part = ops.slice(
        gradient,
        input.shape.map((_, other) => (other === axis ? start : 0)),
        input.shape,
      )
      start += axisLength(input.shape, axis)
      return part
    })
  },
  slice: ({ ops, inputs, attributes: { start, size } }, gradient) => [
    ops.pad(
      gradient,
      one(inputs).shape.map((length, axis): Pair => {
        const before = start[axis] ?? 0
        return [before, length - before - (size[axis] ?? 0)]
      }),
    ),
  ],
  pad: ({ ops, inputs, attributes: { padding } }, gradient) => [
    ops.slice(
      gradient,
      padding.map(([before]) => before),
      one(inputs).shape,
    ),
  ],
}

function imageSize(x: Value): Pair {
  const [, height, width] = axis4(x.shape)
  return [height, width]
}

function kernelSize(kernel: Value): Pair {
  const [height, width] = axis4(kernel.shape)
  return [height, width]
}
