import type { Shape } from '@convzoo/core'
import { axisLength, type LocalResponseNormalizationAttributes } from '@convzoo/core/engine'
import type { Emitted, Emitter, NodeAt } from './emitter.js'
import type { Layout } from './layout.js'

type Normalization = NodeAt<'localResponseNormalization' | 'localResponseNormalizationGradient'>

/** What a normalization and its gradient share, in the layout of their input. */
interface Parts {
  readonly x: string
  readonly layout: Layout
  /** s = bias + alpha · Σ x². */
  readonly scale: string
  /** s^−beta. */
  readonly factor: string
}

export function lowerNormalization(emitter: Emitter, node: NodeAt<'localResponseNormalization'>): Emitted {
  const { x, factor, layout } = partsOf(emitter, node)
  return { tensor: emitter.writer.node('Mul', [x, factor]), layout }
}

/** dy · s^−beta − 2 · alpha · beta · x · Σ dy · x · s^−beta / s. */
export function lowerNormalizationGradient(
  emitter: Emitter,
  node: NodeAt<'localResponseNormalizationGradient'>,
): Emitted {
  const { writer } = emitter
  const { radius, alpha, beta } = node.attributes
  const { x, factor, scale, layout } = partsOf(emitter, node)
  const direct = writer.node('Mul', [emitter.as(node.inputs[1] ?? 0, layout), factor])
  const through = writer.node('Mul', [direct, writer.node('Div', [x, scale])])
  const sums = windowSums(emitter, through, node.shape, layout, radius, -2 * alpha * beta)
  return { tensor: writer.node('Add', [direct, writer.node('Mul', [x, sums])]), layout }
}

function partsOf(emitter: Emitter, node: Normalization): Parts {
  const { writer } = emitter
  const [id = 0] = node.inputs
  const { tensor: x, layout } = emitter.value(id)
  const { radius, bias, alpha, beta }: LocalResponseNormalizationAttributes = node.attributes
  const key = `${id} normalized ${JSON.stringify([radius, bias, alpha, beta])}`
  const scale = emitter.once(`${key} scale`, () => {
    const squares = writer.node('Mul', [x, x])
    const sums = windowSums(emitter, squares, node.shape, layout, radius, alpha)
    return writer.node('Add', [sums, writer.floats([bias], [])])
  })
  const factor = emitter.once(`${key} factor`, () => writer.node('Pow', [scale, writer.floats([-beta], [])]))
  return { x, layout, scale, factor }
}

/** `weight` times the sum over the channels within `radius`, as a product with a matrix that is a band. */
function windowSums(
  emitter: Emitter,
  tensor: string,
  shape: Shape,
  layout: Layout,
  radius: number,
  weight: number,
): string {
  const { writer } = emitter
  const channels = axisLength(shape, -1)
  const band = Array.from({ length: channels * channels }, (_, index) =>
    Math.abs(Math.floor(index / channels) - (index % channels)) <= radius ? weight : 0,
  )
  if (layout === 'channelsFirst') {
    return writer.node('Conv', [tensor, writer.floats(band, [channels, channels, 1, 1])], { kernel_shape: [1, 1] })
  }
  return writer.node('MatMul', [tensor, writer.floats(band, [channels, channels])])
}
