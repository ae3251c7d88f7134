import {
  axisLength,
  type Border,
  type ConvolutionAttributes,
  convolutionSize,
  dilatedSize,
  type Pair,
  type Shape,
} from '@convzoo/core'
import type { Emitted, Emitter, NodeAt } from './emitter.js'

const pads = ({ top, left, bottom, right }: Border): number[] => [top, left, bottom, right]

const imageOf = (shape: Shape): Pair => [axisLength(shape, 1), axisLength(shape, 2)]

/** [kh, kw, Cin, Cout] → [Cout, Cin, kh, kw]. */
function kernelForConv(emitter: Emitter, id: number): string {
  return emitter.once(`${id} OIHW`, () => emitter.writer.node('Transpose', [emitter.plain(id)], { perm: [3, 2, 0, 1] }))
}

/** A convolution as ONNX's `Conv`, with the bias that follows it, if one does. */
export function lowerConvolution(emitter: Emitter, node: NodeAt<'conv2d'>, bias?: string): Emitted {
  const [x = 0, kernel = 0] = node.inputs
  const { strides, padding, dilations, groups } = node.attributes
  const tensor = emitter.writer.node(
    'Conv',
    [emitter.as(x, 'channelsFirst'), kernelForConv(emitter, kernel), ...(bias === undefined ? [] : [bias])],
    { strides, dilations, group: groups, pads: pads(padding) },
  )
  return { tensor, layout: 'channelsFirst' }
}

/**
 * The gradient of a convolution's input: for stride 1 a convolution of the output's gradient with the kernel turned by 180°, its
 * channels exchanged; otherwise `ConvTranspose`.
 */
export function lowerInputGradient(emitter: Emitter, node: NodeAt<'conv2dInputGradient'>): Emitted {
  const [dy = 0, kernel = 0] = node.inputs
  const { strides, padding, dilations, groups, imageSize } = node.attributes
  const kernelShape = emitter.node(kernel).shape
  const reach: Pair = [
    dilatedSize(axisLength(kernelShape, 0), dilations[0]),
    dilatedSize(axisLength(kernelShape, 1), dilations[1]),
  ]
  const turned: Border = {
    top: reach[0] - 1 - padding.top,
    bottom: reach[0] - 1 - padding.bottom,
    left: reach[1] - 1 - padding.left,
    right: reach[1] - 1 - padding.right,
  }
  const simple = groups === 1 && strides[0] === 1 && strides[1] === 1 && pads(turned).every((length) => length >= 0)
  const gradient = emitter.as(dy, 'channelsFirst')
  if (simple) {
    const tensor = emitter.writer.node('Conv', [gradient, turnedKernel(emitter, kernel)], {
      strides: [1, 1],
      dilations,
      group: 1,
      pads: pads(turned),
    })
    return { tensor, layout: 'channelsFirst' }
  }
  const [height, width] = imageOf(emitter.node(dy).shape)
  const covered = (length: number, stride: number, size: number): number => (length - 1) * stride + size
  const tensor = emitter.writer.node('ConvTranspose', [gradient, kernelForConv(emitter, kernel)], {
    strides,
    dilations,
    group: groups,
    pads: pads(padding),
    output_padding: [
      imageSize[0] - covered(height, strides[0], reach[0]) + padding.top + padding.bottom,
      imageSize[1] - covered(width, strides[1], reach[1]) + padding.left + padding.right,
    ],
  })
  return { tensor, layout: 'channelsFirst' }
}

/** [kh, kw, Cin, Cout] → [Cin, Cout, kh, kw], turned by 180°. */
function turnedKernel(emitter: Emitter, id: number): string {
  return emitter.once(`${id} turned`, () => {
    const { writer } = emitter
    const [kh, kw, channels, filters] = emitter.node(id).shape
    const taps = (kh ?? 1) * (kw ?? 1)
    const rows = writer.node('Reshape', [emitter.plain(id), writer.integers([taps, channels ?? 1, filters ?? 1])])
    const reversed = writer.node(
      'Gather',
      [rows, writer.integers(Array.from({ length: taps }, (_, tap) => taps - 1 - tap))],
      {
        axis: 0,
      },
    )
    const turned = writer.node('Transpose', [reversed], { perm: [1, 2, 0] })
    return writer.node('Reshape', [turned, writer.integers([channels ?? 1, filters ?? 1, kh ?? 1, kw ?? 1])])
  })
}

/** What a kernel's gradient accumulates into: C of `Gemm`, times `beta`. */
export interface Accumulator {
  readonly tensor: string
  readonly beta: number
  /** A scalar tensor by which the product is multiplied, if it is. */
  readonly scale: string | undefined
}

/**
 * The gradient of a kernel as one matrix product: patches of the input, transposed, times the output's gradient. Everything is
 * channels last, so that a patch's channels are copied in one piece and the result is [kh, kw, Cin / groups, Cout] as it stands.
 */
export function lowerKernelGradient(
  emitter: Emitter,
  node: NodeAt<'conv2dKernelGradient'>,
  into?: Accumulator,
): string {
  const { writer } = emitter
  const [x = 0, dy = 0] = node.inputs
  const { groups, kernelSize } = node.attributes
  const channels = axisLength(emitter.node(x).shape, 3)
  const filters = axisLength(emitter.node(dy).shape, 3)
  const patches = patchesOf(emitter, x, kernelSize, node.attributes)
  const flat = writer.node('Reshape', [emitter.plain(dy), writer.integers([-1, filters])])
  const gradient = into?.scale === undefined ? flat : writer.node('Mul', [flat, into.scale])
  if (groups === 1) {
    const accumulated =
      into === undefined
        ? []
        : [writer.node('Reshape', [into.tensor, writer.integers([kernelSize[0] * kernelSize[1] * channels, filters])])]
    const product = writer.node('Gemm', [patches, gradient, ...accumulated], {
      transA: 1,
      ...(into === undefined ? {} : { beta: { float: into.beta } }),
    })
    return writer.node('Reshape', [product, writer.integers(node.shape)])
  }
  return groupedKernelGradient(emitter, node, patches, gradient, channels, filters)
}

function groupedKernelGradient(
  emitter: Emitter,
  node: NodeAt<'conv2dKernelGradient'>,
  patches: string,
  gradient: string,
  channels: number,
  filters: number,
): string {
  const { writer } = emitter
  const { groups, kernelSize } = node.attributes
  const taps = kernelSize[0] * kernelSize[1]
  const own = channels / groups
  const perTap = writer.node('Reshape', [patches, writer.integers([-1, taps, channels])])
  const parts = Array.from({ length: groups }, (_, group) => {
    const cut = (value: string, axis: number, start: number, length: number): string =>
      writer.node('Slice', [
        value,
        writer.integers([start]),
        writer.integers([start + length]),
        writer.integers([axis]),
      ])
    const ownPatches = writer.node('Reshape', [cut(perTap, 2, group * own, own), writer.integers([-1, taps * own])])
    const ownGradient = cut(gradient, 1, (group * filters) / groups, filters / groups)
    return writer.node('Gemm', [ownPatches, ownGradient], { transA: 1 })
  })
  return writer.node('Reshape', [writer.node('Concat', parts, { axis: 1 }), writer.integers(node.shape)])
}

/** [N, H, W, C] → [N·oh·ow, kh·kw·C]: what each position of the kernel sees. Made once for an input and a geometry. */
function patchesOf(emitter: Emitter, x: number, kernelSize: Pair, attributes: ConvolutionAttributes): string {
  const { strides, padding, dilations } = attributes
  const geometry = { kernelSize, strides, padding, dilations }
  return emitter.once(`${x} patches ${JSON.stringify(geometry)}`, () => {
    const { writer } = emitter
    const { shape } = emitter.node(x)
    const [height, width] = imageOf(shape)
    const channels = axisLength(shape, 3)
    const padded: Pair = [height + padding.top + padding.bottom, width + padding.left + padding.right]
    const image = pads(padding).some((length) => length > 0)
      ? writer.node('Pad', [
          emitter.plain(x),
          writer.integers([0, padding.top, padding.left, 0, 0, padding.bottom, padding.right, 0]),
        ])
      : emitter.plain(x)
    const cells = writer.node('Reshape', [
      image,
      writer.integers([axisLength(shape, 0), padded[0] * padded[1], channels]),
    ])
    const output = convolutionSize([height, width], kernelSize, attributes)
    const gathered = writer.node(
      'Gather',
      [cells, writer.integers(patchCells(padded, output, kernelSize, attributes))],
      {
        axis: 1,
      },
    )
    return writer.node('Reshape', [gathered, writer.integers([-1, kernelSize[0] * kernelSize[1] * channels])])
  })
}

/** For every output position and every tap of the kernel, the cell of the padded image that it sees. */
function patchCells(
  padded: Pair,
  output: Pair,
  kernelSize: Pair,
  { strides, dilations }: ConvolutionAttributes,
): Int32Array {
  const cells = new Int32Array(output[0] * output[1] * kernelSize[0] * kernelSize[1])
  let next = 0
  for (let i = 0; i < output[0]; i++)
    for (let j = 0; j < output[1]; j++)
      for (let p = 0; p < kernelSize[0]; p++)
        for (let q = 0; q < kernelSize[1]; q++) {
          cells[next++] = (i * strides[0] + p * dilations[0]) * padded[1] + j * strides[1] + q * dilations[1]
        }
  return cells
}
