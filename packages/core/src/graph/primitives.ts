import { ConvzooError } from '../errors/index.js'
import type { Border, Pair, Shape } from '../shape.js'
import { axisLength, broadcastShapes, dilatedSize, formatShape, sameShape, sizeOf, windowCount } from '../shape.js'

/**
 * The closed list of primitives: all that an engine has to know. Each takes values and constant attributes and gives one value of
 * a static shape. Images are [N, H, W, C] and convolution kernels [kh, kw, Cin / groups, Cout], everywhere.
 */

/** `uint32` values only ever feed `random`; `bool` values only ever feed logic and `select`. */
export type DType = 'float32' | 'bool' | 'uint32'

export interface TensorType {
  readonly shape: Shape
  readonly dtype: DType
}

/** How a convolution's window moves. Output: ⌊(n + padding − dilated k) / stride⌋ + 1 on each axis; padded cells are zero. */
export interface ConvolutionAttributes {
  readonly strides: Pair
  readonly padding: Border
  readonly dilations: Pair
  /** Input and output channels fall into this many consecutive groups that do not see each other. */
  readonly groups: number
}

/** How a pooling window moves. Padded cells never win and are never counted. */
export interface PoolAttributes {
  readonly size: Pair
  readonly strides: Pair
  readonly padding: Border
}

type None = Readonly<Record<never, never>>

/** The attributes of each primitive; its name is the key. */
export interface PrimitiveAttributes {
  /** A named input of the function, of the declared type. */
  input: { readonly name: string; readonly type: TensorType }
  /** The value a state tensor had when the function was called, before any of its assignments. */
  state: { readonly name: string; readonly type: TensorType }
  /** A tensor all of whose elements are `value`. */
  constant: { readonly value: number; readonly shape: Shape }
  /**
   * (seed [2] uint32, step [] uint32, sampleIndices [N] uint32) → [N, ...sampleShape]: uniform in [0, 1), from the named stream,
   * by core's `uniformForSamples`. Engines call that function rather than draw numbers of their own.
   */
  random: { readonly stream: string; readonly sampleShape: Shape }

  // Element-wise on two values, broadcast by numpy's rule.
  add: None
  subtract: None
  multiply: None
  divide: None
  power: None
  maximum: None
  minimum: None

  // Element-wise on one.
  negate: None
  exp: None
  log: None
  sqrt: None
  tanh: None
  sigmoid: None
  /** max(x, 0); its gradient at 0 is 0. */
  relu: None

  // Logic: float32 → bool, bool → bool.
  equal: None
  greater: None
  greaterOrEqual: None
  /** True where x is neither infinite nor NaN. */
  isFinite: None
  and: None
  not: None
  /** (condition bool, a, b) → a where the condition holds, else b; broadcast. */
  select: None

  /** Sum over `axes`; reduced axes stay as length 1 with `keepDimensions`. The sum of all axes without it is a scalar. */
  sum: { readonly axes: readonly number[]; readonly keepDimensions: boolean }
  /** Largest over `axes`; it has no gradient. */
  max: { readonly axes: readonly number[]; readonly keepDimensions: boolean }
  /** exp(x) / Σ exp(x) over the last axis, computed on x − max. */
  softmax: None
  /** log softmax over the last axis, computed on x − max. */
  logSoftmax: None

  /** Rank 2: op(a) · op(b), where op transposes if asked. */
  matMul: { readonly transposeA: boolean; readonly transposeB: boolean }

  /** (x [N, H, W, Cin], kernel [kh, kw, Cin / groups, Cout]) → [N, oh, ow, Cout]: cross-correlation, as every framework computes it. */
  conv2d: ConvolutionAttributes
  /** (dy [N, oh, ow, Cout], kernel) → [N, H, W, Cin]: conv2d's gradient with respect to its input of `imageSize`. */
  conv2dInputGradient: ConvolutionAttributes & { readonly imageSize: Pair }
  /** (x, dy) → [kh, kw, Cin / groups, Cout]: conv2d's gradient with respect to its kernel of `kernelSize`. */
  conv2dKernelGradient: ConvolutionAttributes & { readonly kernelSize: Pair }

  /** [N, H, W, C] → [N, oh, ow, C]: the largest of each window. */
  maxPool2d: PoolAttributes
  /**
   * (x, dy) → the shape of x: each window gives its dy to its largest element, to the first in row-major order where several are
   * equal (as TensorFlow does); windows that overlap add up.
   */
  maxPool2dGradient: PoolAttributes

  reshape: { readonly shape: Shape }
  /** Output axis i is input axis `permutation[i]`. */
  transpose: { readonly permutation: readonly number[] }
  /** Numpy's broadcast to `shape`. */
  broadcastTo: { readonly shape: Shape }
  concatenate: { readonly axis: number }
  /** Elements start … start + size − 1 on each axis. */
  slice: { readonly start: readonly number[]; readonly size: readonly number[] }
  /** Zeros around each axis: [before, after]. */
  pad: { readonly padding: readonly Pair[] }
}

export type PrimitiveName = keyof PrimitiveAttributes

type Infer<Attributes> = (inputs: readonly TensorType[], attributes: Attributes) => TensorType

interface PrimitiveRule<Attributes> {
  /** How many inputs it takes; `many` is one or more. */
  readonly arity: number | 'many'
  readonly infer: Infer<Attributes>
}

const float = (shape: Shape): TensorType => ({ shape, dtype: 'float32' })

function misfit(message: string, expected: string, ...received: TensorType[]): ConvzooError {
  return new ConvzooError({
    kind: 'shape',
    message,
    expected,
    received: received.map((type) => `${type.dtype} ${formatShape(type.shape)}`).join(' and '),
  })
}

function at(inputs: readonly TensorType[], index: number): TensorType {
  const input = inputs[index]
  if (input === undefined) {
    throw new ConvzooError({ kind: 'shape', message: `A primitive lacks its input ${index}.` })
  }
  return input
}

function need(dtype: DType, ...types: TensorType[]): void {
  for (const type of types) {
    if (type.dtype !== dtype) throw misfit('A primitive got a value of the wrong type.', dtype, type)
  }
}

function elementwise(inputs: readonly TensorType[], from: DType, to: DType): TensorType {
  need(from, ...inputs)
  const shape = inputs.slice(1).reduce((merged, input) => broadcastShapes(merged, input.shape), at(inputs, 0).shape)
  return { shape, dtype: to }
}

const floats: Infer<None> = (inputs) => elementwise(inputs, 'float32', 'float32')
const compare: Infer<None> = (inputs) => elementwise(inputs, 'float32', 'bool')
const logic: Infer<None> = (inputs) => elementwise(inputs, 'bool', 'bool')

const reduce: Infer<PrimitiveAttributes['sum']> = (inputs, { axes, keepDimensions }) => {
  const x = at(inputs, 0)
  need('float32', x)
  for (const axis of axes) axisLength(x.shape, axis)
  const kept = x.shape.map((length, axis) => (axes.includes(axis) ? 1 : length))
  return float(keepDimensions ? kept : kept.filter((_, axis) => !axes.includes(axis)))
}

function rank4(...types: TensorType[]): void {
  for (const type of types) {
    need('float32', type)
    if (type.shape.length !== 4) throw misfit('A spatial primitive needs values of rank 4.', '[N, H, W, C]', type)
  }
}

/** Rows and columns of a window's output over an image. */
function windowedSize(image: Pair, size: Pair, attributes: Pick<ConvolutionAttributes, 'strides' | 'padding'>): Pair {
  const { strides, padding } = attributes
  return [
    windowCount(image[0], size[0], strides[0], padding.top + padding.bottom),
    windowCount(image[1], size[1], strides[1], padding.left + padding.right),
  ]
}

/** Rows and columns that a convolution gives. */
export function convolutionSize(image: Pair, kernel: Pair, attributes: ConvolutionAttributes): Pair {
  const reach: Pair = [dilatedSize(kernel[0], attributes.dilations[0]), dilatedSize(kernel[1], attributes.dilations[1])]
  return windowedSize(image, reach, attributes)
}

/** Rows and columns that a pooling gives. */
export function poolSize(image: Pair, attributes: PoolAttributes): Pair {
  return windowedSize(image, attributes.size, attributes)
}

export const axis4 = (shape: Shape): [number, number, number, number] => [
  axisLength(shape, 0),
  axisLength(shape, 1),
  axisLength(shape, 2),
  axisLength(shape, 3),
]

function inferConvolution(x: TensorType, kernel: TensorType, attributes: ConvolutionAttributes): TensorType {
  rank4(x, kernel)
  const [batch, height, width, channels] = axis4(x.shape)
  const [kh, kw, kernelChannels, filters] = axis4(kernel.shape)
  if (kernelChannels * attributes.groups !== channels || filters % attributes.groups !== 0) {
    throw misfit(
      'A kernel does not fit its input.',
      `[kh, kw, ${channels} / ${attributes.groups} groups, a multiple of ${attributes.groups}]`,
      kernel,
    )
  }
  const [oh, ow] = convolutionSize([height, width], [kh, kw], attributes)
  if (oh < 1 || ow < 1) throw misfit('A kernel is larger than its padded input.', 'at least one position', x, kernel)
  return float([batch, oh, ow, filters])
}

const unary: PrimitiveRule<None> = { arity: 1, infer: floats }
const binary: PrimitiveRule<None> = { arity: 2, infer: floats }

export const primitives: { readonly [P in PrimitiveName]: PrimitiveRule<PrimitiveAttributes[P]> } = {
  input: { arity: 0, infer: (_, { type }) => type },
  state: { arity: 0, infer: (_, { type }) => type },
  constant: { arity: 0, infer: (_, { shape }) => float(shape) },
  random: {
    arity: 3,
    infer: (inputs, { sampleShape }) => {
      need('uint32', ...inputs)
      const samples = at(inputs, 2)
      return float([axisLength(samples.shape, 0), ...sampleShape])
    },
  },
  add: binary,
  subtract: binary,
  multiply: binary,
  divide: binary,
  power: binary,
  maximum: binary,
  minimum: binary,
  negate: unary,
  exp: unary,
  log: unary,
  sqrt: unary,
  tanh: unary,
  sigmoid: unary,
  relu: unary,
  equal: { arity: 2, infer: compare },
  greater: { arity: 2, infer: compare },
  greaterOrEqual: { arity: 2, infer: compare },
  isFinite: { arity: 1, infer: compare },
  and: { arity: 2, infer: logic },
  not: { arity: 1, infer: logic },
  select: {
    arity: 3,
    infer: (inputs) => {
      need('bool', at(inputs, 0))
      const values = elementwise(inputs.slice(1), 'float32', 'float32')
      return float(broadcastShapes(at(inputs, 0).shape, values.shape))
    },
  },
  sum: { arity: 1, infer: reduce },
  max: { arity: 1, infer: reduce },
  softmax: unary,
  logSoftmax: unary,
  matMul: {
    arity: 2,
    infer: (inputs, { transposeA, transposeB }) => {
      const a = at(inputs, 0)
      const b = at(inputs, 1)
      need('float32', a, b)
      if (a.shape.length !== 2 || b.shape.length !== 2) throw misfit('matMul needs two matrices.', 'rank 2', a, b)
      const rows = axisLength(a.shape, transposeA ? 1 : 0)
      const inner = axisLength(a.shape, transposeA ? 0 : 1)
      if (inner !== axisLength(b.shape, transposeB ? 1 : 0)) {
        throw misfit('The inner lengths of a matrix product differ.', `${inner} in both`, a, b)
      }
      return float([rows, axisLength(b.shape, transposeB ? 0 : 1)])
    },
  },
  conv2d: { arity: 2, infer: (inputs, attributes) => inferConvolution(at(inputs, 0), at(inputs, 1), attributes) },
  conv2dInputGradient: {
    arity: 2,
    infer: (inputs, attributes) => {
      const dy = at(inputs, 0)
      const kernel = at(inputs, 1)
      rank4(dy, kernel)
      const channels = axisLength(kernel.shape, 2) * attributes.groups
      const x = float([axisLength(dy.shape, 0), ...attributes.imageSize, channels])
      if (!sameShape(inferConvolution(x, kernel, attributes).shape, dy.shape)) {
        throw misfit('A gradient does not have the shape of the convolution it belongs to.', 'that shape', dy, kernel)
      }
      return x
    },
  },
  conv2dKernelGradient: {
    arity: 2,
    infer: (inputs, attributes) => {
      const x = at(inputs, 0)
      const dy = at(inputs, 1)
      rank4(x, dy)
      const kernel = float([
        ...attributes.kernelSize,
        axisLength(x.shape, 3) / attributes.groups,
        axisLength(dy.shape, 3),
      ])
      if (!sameShape(inferConvolution(x, kernel, attributes).shape, dy.shape)) {
        throw misfit('A gradient does not have the shape of the convolution it belongs to.', 'that shape', x, dy)
      }
      return kernel
    },
  },
  maxPool2d: {
    arity: 1,
    infer: (inputs, attributes) => {
      const x = at(inputs, 0)
      rank4(x)
      const [batch, height, width, channels] = axis4(x.shape)
      const [oh, ow] = poolSize([height, width], attributes)
      if (oh < 1 || ow < 1)
        throw misfit('A pooling window is larger than its padded input.', 'at least one position', x)
      return float([batch, oh, ow, channels])
    },
  },
  maxPool2dGradient: {
    arity: 2,
    infer: (inputs, attributes) => {
      const x = at(inputs, 0)
      const dy = at(inputs, 1)
      if (!sameShape(primitives.maxPool2d.infer([x], attributes).shape, dy.shape)) {
        throw misfit('A gradient does not have the shape of the pooling it belongs to.', 'that shape', x, dy)
      }
      return x
    },
  },
  reshape: {
    arity: 1,
    infer: (inputs, { shape }) => {
      const x = at(inputs, 0)
      if (sizeOf(x.shape) !== sizeOf(shape))
        throw misfit('reshape keeps the number of elements.', formatShape(shape), x)
      return { shape, dtype: x.dtype }
    },
  },
  transpose: {
    arity: 1,
    infer: (inputs, { permutation }) => {
      const x = at(inputs, 0)
      if (permutation.length !== x.shape.length || new Set(permutation).size !== permutation.length)
        throw misfit('A permutation names every axis once.', `${permutation}`, x)
      return { shape: permutation.map((axis) => axisLength(x.shape, axis)), dtype: x.dtype }
    },
  },
  broadcastTo: {
    arity: 1,
    infer: (inputs, { shape }) => {
      const x = at(inputs, 0)
      if (!sameShape(broadcastShapes(x.shape, shape), shape))
        throw misfit('A value does not broadcast.', formatShape(shape), x)
      return { shape, dtype: x.dtype }
    },
  },
  concatenate: {
    arity: 'many',
    infer: (inputs, { axis }) => {
      const first = at(inputs, 0)
      for (const input of inputs) {
        const fits =
          input.shape.length === first.shape.length &&
          input.shape.every((length, other) => other === axis || length === first.shape[other])
        if (!fits) throw misfit(`Values to concatenate differ outside axis ${axis}.`, formatShape(first.shape), input)
      }
      const length = inputs.reduce((total, input) => total + axisLength(input.shape, axis), 0)
      return { shape: first.shape.map((own, other) => (other === axis ? length : own)), dtype: first.dtype }
    },
  },
  slice: {
    arity: 1,
    infer: (inputs, { start, size }) => {
      const x = at(inputs, 0)
      const fits = x.shape.every(
        (length, axis) => (start[axis] ?? 0) >= 0 && (start[axis] ?? 0) + (size[axis] ?? 0) <= length,
      )
      if (!fits || size.length !== x.shape.length) throw misfit('A slice leaves its value.', `${start} + ${size}`, x)
      return { shape: [...size], dtype: x.dtype }
    },
  },
  pad: {
    arity: 1,
    infer: (inputs, { padding }) => {
      const x = at(inputs, 0)
      need('float32', x)
      return float(x.shape.map((length, axis) => length + (padding[axis]?.[0] ?? 0) + (padding[axis]?.[1] ?? 0)))
    },
  },
}
