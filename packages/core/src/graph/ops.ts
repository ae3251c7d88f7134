import {
  axis as anyAxis,
  boolean,
  defineOptions,
  type Option,
  optional,
  requireArguments,
  withMethods,
} from '../options/index.js'
import { axisLength, type Border, type Pair, type Shape, sameShape, sizeOf } from '../shape.js'
import { axesKind, shapeKind, sidesKind } from './attributes.js'
import { builderKind, type GraphBuilder } from './builder.js'
import type { ConvolutionAttributes, LocalResponseNormalizationAttributes, PoolAttributes } from './primitives.js'
import { ownValue, ownValues, type Value, valueKind } from './value.js'

/** A value, or a number that broadcasts against the other operand. */
export type Operand = Value | number

/** Which axes a reduction runs over (negative counts from the end; all by default) and whether they stay as length 1. */
export interface ReductionOptions {
  readonly axes?: readonly number[]
  readonly keepDimensions?: boolean
}

/**
 * The mathematics that layers, losses and optimizers are written in. Each call adds a primitive (see `primitives.ts` for its exact
 * meaning) to the graph being traced; nothing is computed.
 *
 * @example
 * // Root mean square over the channels of [N, H, W, C]
 * const rms = ops.sqrt(ops.mean(ops.multiply(x, x), { axes: [-1], keepDimensions: true }))
 */
export interface Ops {
  /** A tensor of `shape` (a scalar by default) filled with one number. */
  constant(value: number, shape?: Shape): Value

  add(a: Operand, b: Operand): Value
  subtract(a: Operand, b: Operand): Value
  multiply(a: Operand, b: Operand): Value
  divide(a: Operand, b: Operand): Value
  power(a: Operand, b: Operand): Value
  maximum(a: Operand, b: Operand): Value
  minimum(a: Operand, b: Operand): Value

  negate(x: Value): Value
  exp(x: Value): Value
  log(x: Value): Value
  sqrt(x: Value): Value
  tanh(x: Value): Value
  sigmoid(x: Value): Value
  erf(x: Value): Value
  relu(x: Value): Value
  square(x: Value): Value

  equal(a: Operand, b: Operand): Value
  greater(a: Operand, b: Operand): Value
  greaterOrEqual(a: Operand, b: Operand): Value
  isFinite(x: Value): Value
  and(a: Value, b: Value): Value
  not(x: Value): Value
  select(condition: Value, whenTrue: Operand, whenFalse: Operand): Value

  sum(x: Value, options?: ReductionOptions): Value
  mean(x: Value, options?: ReductionOptions): Value
  max(x: Value, options?: ReductionOptions): Value
  softmax(x: Value): Value
  logSoftmax(x: Value): Value

  matMul(a: Value, b: Value, options?: { readonly transposeA?: boolean; readonly transposeB?: boolean }): Value
  conv2d(x: Value, kernel: Value, attributes: ConvolutionAttributes): Value
  conv2dInputGradient(dy: Value, kernel: Value, attributes: ConvolutionAttributes & { imageSize: Pair }): Value
  conv2dKernelGradient(x: Value, dy: Value, attributes: ConvolutionAttributes & { kernelSize: Pair }): Value
  maxPool2d(x: Value, attributes: PoolAttributes): Value
  maxPool2dGradient(x: Value, dy: Value, attributes: PoolAttributes): Value
  averagePool2d(x: Value, attributes: PoolAttributes): Value
  averagePool2dGradient(dy: Value, attributes: PoolAttributes & { imageSize: Pair }): Value
  localResponseNormalization(x: Value, attributes: LocalResponseNormalizationAttributes): Value
  localResponseNormalizationGradient(x: Value, dy: Value, attributes: LocalResponseNormalizationAttributes): Value

  reshape(x: Value, shape: Shape): Value
  transpose(x: Value, permutation: readonly number[]): Value
  broadcastTo(x: Value, shape: Shape): Value
  concatenate(values: readonly Value[], axis: number): Value
  slice(x: Value, start: readonly number[], size: readonly number[]): Value
  /** Zeros around the two image axes of [N, H, W, C]. */
  padImage(x: Value, border: Border): Value
  pad(x: Value, padding: readonly Pair[]): Value
}

const reductionParts = defineOptions({ axes: optional(axesKind), keepDimensions: optional(boolean, false) })
const matMulParts = defineOptions({ transposeA: optional(boolean, false), transposeB: optional(boolean, false) })

/** Ops that trace into `builder`. */
export function opsFor(builder: GraphBuilder): Ops {
  requireArguments('opsFor', { builder: [builderKind, builder] })
  /** Said before the shape of a value is read. */
  const requireOwn = (name: string, x: unknown): void => requireArguments(`ops.${name}`, { x: [ownValue(builder), x] })
  const constant = (value: number, shape: Shape = []): Value => builder.apply('constant', [], { value, shape })
  const operand = (x: Operand): Value => (typeof x === 'number' ? constant(x) : x)
  const unary =
    (
      primitive:
        | 'negate'
        | 'exp'
        | 'log'
        | 'sqrt'
        | 'tanh'
        | 'sigmoid'
        | 'erf'
        | 'relu'
        | 'softmax'
        | 'logSoftmax'
        | 'isFinite'
        | 'not',
    ) =>
    (x: Value): Value =>
      builder.apply(primitive, [x], {})
  const binary =
    (
      primitive:
        | 'add'
        | 'subtract'
        | 'multiply'
        | 'divide'
        | 'power'
        | 'maximum'
        | 'minimum'
        | 'equal'
        | 'greater'
        | 'greaterOrEqual',
    ) =>
    (a: Operand, b: Operand): Value =>
      builder.apply(primitive, [operand(a), operand(b)], {})
  const axesOf = (x: Value, axes: readonly number[] | undefined): number[] =>
    (axes ?? x.shape.map((_, axis) => axis))
      .map((axis) => (axis < 0 ? x.shape.length + axis : axis))
      .sort((a, b) => a - b)
  const reduction =
    (primitive: 'sum' | 'max', name: 'sum' | 'max' | 'mean' = primitive) =>
    (x: Value, options: ReductionOptions = {}): Value => {
      requireOwn(name, x)
      const { axes, keepDimensions } = reductionParts.parse(`ops.${name}`, options)
      return builder.apply(primitive, [x], { axes: axesOf(x, axes), keepDimensions })
    }
  const sum = reduction('sum')
  const sumOfMean = reduction('sum', 'mean')
  const multiply = binary('multiply')

  return {
    constant,
    add: binary('add'),
    subtract: binary('subtract'),
    multiply,
    divide: binary('divide'),
    power: binary('power'),
    maximum: binary('maximum'),
    minimum: binary('minimum'),
    negate: unary('negate'),
    exp: unary('exp'),
    log: unary('log'),
    sqrt: unary('sqrt'),
    tanh: unary('tanh'),
    sigmoid: unary('sigmoid'),
    erf: unary('erf'),
    relu: unary('relu'),
    square: (x) => {
      requireOwn('square', x)
      return multiply(x, x)
    },
    equal: binary('equal'),
    greater: binary('greater'),
    greaterOrEqual: binary('greaterOrEqual'),
    isFinite: unary('isFinite'),
    and: (a, b) => builder.apply('and', [a, b], {}),
    not: unary('not'),
    select: (condition, whenTrue, whenFalse) =>
      builder.apply('select', [condition, operand(whenTrue), operand(whenFalse)], {}),
    sum,
    mean: (x, options = {}) => {
      requireOwn('mean', x)
      const count = axesOf(x, reductionParts.parse('ops.mean', options).axes).reduce(
        (product, axis) => product * axisLength(x.shape, axis),
        1,
      )
      return multiply(sumOfMean(x, options), 1 / count)
    },
    max: reduction('max'),
    softmax: unary('softmax'),
    logSoftmax: unary('logSoftmax'),
    matMul: (a, b, options = {}) => {
      const { transposeA, transposeB } = matMulParts.parse('ops.matMul', options)
      return builder.apply('matMul', [a, b], { transposeA, transposeB })
    },
    conv2d: (x, kernel, attributes) => {
      const apart = builder.apply('conv2d', [x, kernel], attributes)
      const { primitive, attributes: before, inputs } = builder.node(x)
      const [samples, rows, columns, channels] = primitive === 'pad' ? before.padding : []
      const isOfImage = [samples, channels].every((sides) => sides?.every((length) => length === 0))
      if (rows === undefined || columns === undefined || !isOfImage) return apart
      // A border of zeros is padding of the convolution: nothing is copied, neither forward nor backward.
      const { top, bottom, left, right } = attributes.padding
      const padding = {
        ...{ top: top + rows[0], bottom: bottom + rows[1] },
        ...{ left: left + columns[0], right: right + columns[1] },
      }
      const images = inputs.map((id) => builder.valueOf(id))
      return builder.apply('conv2d', [...images, kernel], { ...attributes, padding })
    },
    conv2dInputGradient: (dy, kernel, attributes) => builder.apply('conv2dInputGradient', [dy, kernel], attributes),
    conv2dKernelGradient: (x, dy, attributes) => builder.apply('conv2dKernelGradient', [x, dy], attributes),
    maxPool2d: (x, attributes) => builder.apply('maxPool2d', [x], attributes),
    maxPool2dGradient: (x, dy, attributes) => builder.apply('maxPool2dGradient', [x, dy], attributes),
    averagePool2d: (x, attributes) => builder.apply('averagePool2d', [x], attributes),
    averagePool2dGradient: (dy, attributes) => builder.apply('averagePool2dGradient', [dy], attributes),
    localResponseNormalization: (x, attributes) => builder.apply('localResponseNormalization', [x], attributes),
    localResponseNormalizationGradient: (x, dy, attributes) =>
      builder.apply('localResponseNormalizationGradient', [x, dy], attributes),
    reshape: (x, shape) => {
      requireOwn('reshape', x)
      requireArguments('ops.reshape', { shape: [shapeKind, shape] })
      return sameShape(x.shape, shape) ? x : builder.apply('reshape', [x], { shape })
    },
    transpose: (x, permutation) => builder.apply('transpose', [x], { permutation }),
    broadcastTo: (x, shape) => {
      requireOwn('broadcastTo', x)
      requireArguments('ops.broadcastTo', { shape: [shapeKind, shape] })
      return sameShape(x.shape, shape) ? x : builder.apply('broadcastTo', [x], { shape })
    },
    concatenate: (values, axis) => {
      requireArguments('ops.concatenate', { values: [ownValues(builder), values], axis: [anyAxis, axis] })
      const rank = values[0]?.shape.length ?? 0
      return builder.apply('concatenate', values, { axis: axis < 0 ? rank + axis : axis })
    },
    slice: (x, start, size) => builder.apply('slice', [x], { start, size }),
    padImage: (x, border) => {
      requireArguments('ops.padImage', { border: [sidesKind, border] })
      return builder.apply('pad', [x], {
        padding: [
          [0, 0],
          [border.top, border.bottom],
          [border.left, border.right],
          [0, 0],
        ],
      })
    },
    pad: (x, padding) => builder.apply('pad', [x], { padding }),
  }
}

/** Flattens all axes behind the first: [N, …] → [N, elements]. */
export function flattenSamples(ops: Ops, x: Value): Value {
  requireArguments('flattenSamples', { ops: [opsKind, ops], x: [valueKind, x] })
  const [samples = 1, ...rest] = x.shape
  return ops.reshape(x, [samples, sizeOf(rest)])
}

/** What traces into a graph. */
export const opsKind: Option<Ops, Ops> = withMethods<Ops>(
  'ops, as opsFor(builder) gives them',
  'add',
  'multiply',
  'sum',
  'reshape',
)
