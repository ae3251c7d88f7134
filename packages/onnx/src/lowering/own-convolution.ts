import type { ConvolutionAttributes } from '@convzoo/core/engine'
import type { Emitted, Emitter, NodeAt } from './emitter.js'
import { isEven } from './image.js'
import type { Layout } from './layout.js'

/** [kh, kw, Cin / groups, Cout] as a GPU's library has kernels, for each layout, and back. */
const kernelFrom = { channelsLast: [3, 0, 1, 2], channelsFirst: [3, 2, 0, 1] } as const
const kernelTo = { channelsLast: [1, 2, 3, 0], channelsFirst: [2, 3, 1, 0] } as const

interface Own {
  readonly layout: Layout
  /** Neither groups nor dilations: what a GPU's library is surely fast at. */
  readonly isPlain: boolean
  readonly geometry: Pick<ConvolutionAttributes, 'strides' | 'dilations' | 'groups'> & {
    readonly before: readonly [number, number]
  }
}

/** How a GPU's library computes a convolution or one of its gradients, where it is asked: it wants the same padding on both sides. */
function ownWay(emitter: Emitter, { strides, dilations, groups, padding }: ConvolutionAttributes): Own | undefined {
  if (!emitter.ownOperators || !isEven(padding)) return undefined
  const isPlain = groups === 1 && dilations.every((dilation) => dilation === 1)
  const geometry = { strides, dilations, groups, before: [padding.top, padding.left] } as const
  return { layout: isPlain ? emitter.layout : 'channelsFirst', isPlain, geometry }
}

/** [kh, kw, Cin / groups, Cout] → as a layout has it. */
export function kernelIn(emitter: Emitter, id: number, layout: Layout): string {
  return emitter.once(`${id} kernel ${layout}`, () =>
    emitter.writer.node('Transpose', [emitter.plain(id)], { perm: kernelFrom[layout] }),
  )
}

const kernelShape = (emitter: Emitter, id: number, layout: Layout) =>
  kernelFrom[layout].map((axis) => emitter.node(id).shape[axis] ?? 1)

/** A convolution without groups and dilations. */
export function ownConvolution(
  emitter: Emitter,
  node: NodeAt<'conv2d'>,
  { bias, relu }: { readonly bias: string | undefined; readonly relu: boolean },
): Emitted | undefined {
  const [x = 0, kernel = 0] = node.inputs
  const way = ownWay(emitter, node.attributes)
  if (way?.isPlain !== true) return undefined
  const { layout, geometry } = way
  const inputs = [emitter.as(x, layout), kernelIn(emitter, kernel, layout), ...(bias === undefined ? [] : [bias])]
  const [tensor] = emitter.own(inputs, {
    kind: 'convolution',
    layout,
    ...geometry,
    image: emitter.shapeIn(emitter.node(x).shape, layout),
    kernel: kernelShape(emitter, kernel, layout),
    bias: bias !== undefined,
    relu,
    gives: [{ shape: emitter.shapeIn(node.shape, layout), dtype: node.dtype }],
  })
  return { tensor, layout }
}

/** The gradient of a convolution's image, without groups and dilations. */
export function ownInputGradient(emitter: Emitter, node: NodeAt<'conv2dInputGradient'>): Emitted | undefined {
  const [dy = 0, kernel = 0] = node.inputs
  const way = ownWay(emitter, node.attributes)
  if (way?.isPlain !== true) return undefined
  const { layout, geometry } = way
  const [tensor] = emitter.own([kernelIn(emitter, kernel, layout), emitter.as(dy, layout)], {
    kind: 'inputGradient',
    layout,
    ...geometry,
    kernel: kernelShape(emitter, kernel, layout),
    gradient: emitter.shapeIn(emitter.node(dy).shape, layout),
    gives: [{ shape: emitter.shapeIn(node.shape, layout), dtype: node.dtype }],
  })
  return { tensor, layout }
}

/** The gradient of a convolution's kernel. */
export function ownKernelGradient(emitter: Emitter, node: NodeAt<'conv2dKernelGradient'>): string | undefined {
  const [x = 0, dy = 0] = node.inputs
  const way = ownWay(emitter, node.attributes)
  if (way === undefined) return undefined
  const { layout, geometry } = way
  const shapeOf = (id: number) => emitter.shapeIn(emitter.node(id).shape, layout)
  const [sums] = emitter.own([emitter.as(x, layout), emitter.as(dy, layout)], {
    kind: 'kernelGradient',
    layout,
    ...geometry,
    image: shapeOf(x),
    gradient: shapeOf(dy),
    gives: [{ shape: kernelFrom[layout].map((axis) => node.shape[axis] ?? 1), dtype: node.dtype }],
  })
  return emitter.writer.node('Transpose', [sums], { perm: kernelTo[layout] })
}
