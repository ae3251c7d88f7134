import { ConvzooError } from '../errors/index.js'
import { bothOf, requireArguments } from '../options/index.js'
import {
  axisLength,
  broadcastShapes,
  dilatedSize,
  formatShape,
  type Pair,
  type Shape,
  sameShape,
  sizeOf,
  windowCount,
} from '../shape.js'
import { convolutionParts, poolParts } from './attributes.js'
import type {
  ConvolutionAttributes,
  DType,
  NoAttributes,
  PoolAttributes,
  PrimitiveAttributes,
  PrimitiveName,
  TensorType,
} from './primitives.js'

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

const floats: Infer<NoAttributes> = (inputs) => elementwise(inputs, 'float32', 'float32')
const compare: Infer<NoAttributes> = (inputs) => elementwise(inputs, 'float32', 'bool')
const logic: Infer<NoAttributes> = (inputs) => elementwise(inputs, 'bool', 'bool')

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
  requireArguments('convolutionSize', { image: [bothOf(0), image], kernel: [bothOf(1), kernel] })
  convolutionParts.check('convolutionSize', attributes)
  return convolvedSize(image, kernel, attributes)
}

function convolvedSize(image: Pair, kernel: Pair, attributes: ConvolutionAttributes): Pair {
  const reach: Pair = [dilatedSize(kernel[0], attributes.dilations[0]), dilatedSize(kernel[1], attributes.dilations[1])]
  return windowedSize(image, reach, attributes)
}

/** Rows and columns that a pooling gives. */
export function poolSize(image: Pair, attributes: PoolAttributes): Pair {
  requireArguments('poolSize', { image: [bothOf(0), image] })
  poolParts.check('poolSize', attributes)
  return windowedSize(image, attributes.size, attributes)
}

function inferPooling(x: TensorType, attributes: PoolAttributes): TensorType {
  rank4(x)
  const { size, padding } = attributes
  if (Math.max(padding.top, padding.bottom) >= size[0] || Math.max(padding.left, padding.right) >= size[1]) {
    throw misfit('A pooling is padded so far that a window could hold no cell.', `less than ${size.join('×')}`, x)
  }
  const [batch, height, width, channels] = axis4(x.shape)
  const [oh, ow] = windowedSize([height, width], attributes.size, attributes)
  if (oh < 1 || ow < 1) throw misfit('A pooling window is larger than its padded input.', 'at least one position', x)
  return float([batch, oh, ow, channels])
}

/** A gradient has the shape of what it belongs to. */
function needGradient(of: string, dy: TensorType, y: TensorType, ...others: TensorType[]): void {
  if (sameShape(y.shape, dy.shape)) return
  throw misfit(`A gradient does not have the shape of the ${of} it belongs to.`, formatShape(y.shape), dy, ...others)
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
  const [oh, ow] = convolvedSize([height, width], [kh, kw], attributes)
  if (oh < 1 || ow < 1) throw misfit('A kernel is larger than its padded input.', 'at least one position', x, kernel)
  return float([batch, oh, ow, filters])
}

const unary: PrimitiveRule<NoAttributes> = { arity: 1, infer: floats }
const binary: PrimitiveRule<NoAttributes> = { arity: 2, infer: floats }

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
  erf: unary,
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
      needGradient('convolution', dy, inferConvolution(x, kernel, attributes), kernel)
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
      needGradient('convolution', dy, inferConvolution(x, kernel, attributes), x)
      return kernel
    },
  },
  maxPool2d: { arity: 1, infer: (inputs, attributes) => inferPooling(at(inputs, 0), attributes) },
  maxPool2dGradient: {
    arity: 2,
    infer: (inputs, attributes) => {
      const x = at(inputs, 0)
      needGradient('pooling', at(inputs, 1), inferPooling(x, attributes), x)
      return x
    },
  },
  averagePool2d: { arity: 1, infer: (inputs, attributes) => inferPooling(at(inputs, 0), attributes) },
  averagePool2dGradient: {
    arity: 1,
    infer: (inputs, attributes) => {
      const dy = at(inputs, 0)
      rank4(dy)
      const [batch, , , channels] = axis4(dy.shape)
      const x = float([batch, ...attributes.imageSize, channels])
      needGradient('pooling', dy, inferPooling(x, attributes))
      return x
    },
  },
  localResponseNormalization: unary,
  localResponseNormalizationGradient: {
    arity: 2,
    infer: (inputs) => {
      const x = at(inputs, 0)
      needGradient('normalization', at(inputs, 1), floats([x], {}), x)
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
