import type { Pair, Shape } from '@convzoo/core'
import { sizeOf } from '@convzoo/core/define'
import { axisLength, type PoolAttributes } from '@convzoo/core/engine'
import type { Emitted, Emitter, NodeAt } from './emitter.js'
import { imageOf, isEven } from './image.js'

/** Attributes of ONNX's pooling operators. */
const windows = ({ size, strides, padding }: PoolAttributes) => ({
  kernel_shape: size,
  strides,
  pads: [padding.top, padding.left, padding.bottom, padding.right],
})

/** Whether the places of maxima are asked for, which takes a CPU several times as long: by a gradient, or so that ONNX Runtime does not ask cuDNN. */
function givesIndices({ target, graph, ownOperators }: Emitter, x: number, { padding }: PoolAttributes): boolean {
  if (target === 'gpu' && !isEven(padding)) return true
  return (
    !ownOperators && graph.nodes.some(({ primitive, inputs }) => primitive === 'maxPool2dGradient' && inputs[0] === x)
  )
}

/** `MaxPool` once for a value and a geometry: [pooled, indices], both channels first. */
function pooled(emitter: Emitter, x: number, attributes: PoolAttributes): [string, string] {
  const key = `${x} pooled ${JSON.stringify(windows(attributes))}`
  const values = emitter.once(key, () => {
    const image = emitter.as(x, 'channelsFirst')
    const outputs = givesIndices(emitter, x, attributes) ? 2 : 1
    const [maxima, indices = ''] = emitter.writer.nodes('MaxPool', [image], outputs, windows(attributes))
    emitter.once(`${key} indices`, () => indices)
    return maxima
  })
  return [values, emitter.once(`${key} indices`, () => '')]
}

export function lowerMaxPool(emitter: Emitter, node: NodeAt<'maxPool2d'>): Emitted {
  const [x = 0] = node.inputs
  if (emitter.ownOperators && emitter.layout === 'channelsLast') {
    const windows = ownWindows(emitter, node.attributes, emitter.node(x).shape, node.shape)
    const gives = [{ shape: node.shape, dtype: node.dtype }]
    const [tensor] = emitter.own([emitter.plain(x)], { kind: 'maxPool', gives, ...windows })
    return { tensor, layout: 'channelsLast' }
  }
  return { tensor: pooled(emitter, x, node.attributes)[0], layout: 'channelsFirst' }
}

/**
 * Each window's gradient is added where its maximum was. `MaxPool` gives the places, flat over [N, C, H, W], and keeps the first of
 * equals; `ScatterElements` adds up where windows overlap.
 */
export function lowerMaxPoolGradient(emitter: Emitter, node: NodeAt<'maxPool2dGradient'>): Emitted {
  const { writer } = emitter
  const [x = 0, dy = 0] = node.inputs
  if (emitter.ownOperators) return ownMaxPoolGradient(emitter, node)
  const [, places] = pooled(emitter, x, node.attributes)
  const flat = writer.integers([-1])
  const zeros = writer.node('Expand', [writer.floats([0], [1]), writer.integers([sizeOf(node.shape)])])
  const scattered = writer.node(
    'ScatterElements',
    [zeros, writer.node('Reshape', [places, flat]), writer.node('Reshape', [emitter.as(dy, 'channelsFirst'), flat])],
    { axis: 0, reduction: 'add' },
  )
  const shape = emitter.shapeIn(node.shape, 'channelsFirst')
  return { tensor: writer.node('Reshape', [scattered, writer.integers(shape)]), layout: 'channelsFirst' }
}

function ownMaxPoolGradient(emitter: Emitter, node: NodeAt<'maxPool2dGradient'>): Emitted {
  const { layout } = emitter
  const [x = 0, dy = 0] = node.inputs
  const [tensor] = emitter.own([emitter.as(x, layout), emitter.as(dy, layout)], {
    kind: 'maxPoolGradient',
    gives: [{ shape: emitter.shapeIn(node.shape, layout), dtype: node.dtype }],
    ...ownWindows(emitter, node.attributes, node.shape, emitter.node(dy).shape),
  })
  return { tensor, layout }
}

function ownWindows({ layout }: Emitter, { size, strides, padding }: PoolAttributes, image: Shape, pooled: Shape) {
  const planes = ([samples = 1, height = 1, width = 1, channels = 1]: Shape): Shape =>
    layout === 'channelsLast' ? [samples, height, width, channels] : [samples * channels, height, width, 1]
  return { image: planes(image), pooled: planes(pooled), size, strides, before: [padding.top, padding.left] } as const
}

export function lowerAveragePool(emitter: Emitter, node: NodeAt<'averagePool2d'>): Emitted {
  const [x = 0] = node.inputs
  if (emitter.target === 'gpu' && !isEven(node.attributes.padding)) return averageByProducts(emitter, node)
  const tensor = emitter.writer.node('AveragePool', [emitter.as(x, 'channelsFirst')], {
    ...windows(node.attributes),
    count_include_pad: 0,
  })
  return { tensor, layout: 'channelsFirst' }
}

/**
 * Averaging is a product of one matrix for the rows and one for the columns; so is its gradient: Rᵀ · dy · C, image by image. ONNX has no
 * operator for it, and two products of small matrices run everywhere.
 */
export function lowerAveragePoolGradient(emitter: Emitter, node: NodeAt<'averagePool2dGradient'>): Emitted {
  const { writer } = emitter
  const [dy = 0] = node.inputs
  const { size, strides, padding, imageSize } = node.attributes
  const { shape } = emitter.node(dy)
  const output: Pair = [axisLength(shape, 1), axisLength(shape, 2)]
  const rows = shares(imageSize[0], output[0], size[0], strides[0], padding.top)
  const columns = shares(imageSize[1], output[1], size[1], strides[1], padding.left)
  const transposed = Array.from({ length: imageSize[0] }, (_, cell) => rows.map((row) => row[cell] ?? 0))
  const across = writer.node('MatMul', [
    emitter.as(dy, 'channelsFirst'),
    writer.floats(columns.flat(), [output[1], imageSize[1]]),
  ])
  const tensor = writer.node('MatMul', [writer.floats(transposed.flat(), [imageSize[0], output[0]]), across])
  return { tensor, layout: 'channelsFirst' }
}

/** R · x · Cᵀ, of which {@link lowerAveragePoolGradient} is the gradient. */
function averageByProducts(emitter: Emitter, node: NodeAt<'averagePool2d'>): Emitted {
  const { writer } = emitter
  const [x = 0] = node.inputs
  const { size, strides, padding } = node.attributes
  const [height, width] = imageOf(emitter.node(x).shape)
  const output = imageOf(node.shape)
  const rows = shares(height, output[0], size[0], strides[0], padding.top)
  const columns = shares(width, output[1], size[1], strides[1], padding.left)
  const transposed = Array.from({ length: width }, (_, cell) => columns.map((column) => column[cell] ?? 0))
  const across = writer.node('MatMul', [
    emitter.as(x, 'channelsFirst'),
    writer.floats(transposed.flat(), [width, output[1]]),
  ])
  return {
    tensor: writer.node('MatMul', [writer.floats(rows.flat(), [output[0], height]), across]),
    layout: 'channelsFirst',
  }
}

/** For each window along one axis: which part of its mean each cell of the image is. */
function shares(cells: number, count: number, size: number, stride: number, before: number): number[][] {
  return Array.from({ length: count }, (_, window) => {
    const first = Math.max(window * stride - before, 0)
    const end = Math.min(window * stride - before + size, cells)
    return Array.from({ length: cells }, (_, cell) => (cell >= first && cell < end ? 1 / (end - first) : 0))
  })
}
