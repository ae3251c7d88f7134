import { ConvzooError, type NamedTensor, type PeerTensor, type PeerWeights } from '@convzoo/core'
import { formatShape, internalError, permuteAxes, printable, sameShape, sizeOf } from '@convzoo/core/define'
import type { TensorSpec } from '@convzoo/safetensors'
import { inverse, type Layout, layoutOf, layoutOfWeight, shapeInOurs } from './layout.js'

/** Which tensor of another library becomes which weight. */
export interface Moved {
  readonly weight: TensorSpec
  readonly tensor: PeerTensor
  readonly layout: Layout
}

/**
 * Pairs the weights of a network with the tensors of a file that another library wrote.
 *
 * @throws ConvzooError of kind `file` that names what is missing, unknown or of another shape.
 */
export function pairedWeights(
  path: string,
  weights: readonly TensorSpec[],
  { peer, tensors }: PeerWeights,
  there: readonly TensorSpec[],
): readonly Moved[] {
  const shapes = new Map(there.map(({ name, shape }) => [name, shape]))
  const pairs = weights.flatMap((weight) => {
    const { [weight.name]: tensor } = tensors
    return tensor === undefined ? [] : [{ weight, tensor }]
  })
  const wanted = new Set(pairs.map(({ tensor: { name } }) => name))
  const faults: string[] = []
  const moved = pairs.flatMap(({ weight, tensor }): readonly Moved[] => {
    const shape = shapes.get(tensor.name)
    const layout = shape === undefined ? undefined : layoutOf(tensor, shape)
    if (layout !== undefined && gives(layout, tensor, weight)) return [{ weight, tensor, layout }]
    faults.push(
      shape === undefined ? `no ${tensor.name}` : `${tensor.name} of shape ${printable(formatShape(shape), 100)}`,
    )
    return []
  })
  for (const { name } of there) {
    if (!wanted.has(name)) faults.push(`${printable(name, 100)}, which the network has not`)
  }
  if (faults.length === 0) return moved
  throw new ConvzooError({
    kind: 'file',
    message: `${printable(path)} does not hold the weights of ${peer}.`,
    expected: `${pairs.length} tensors, by name and shape`,
    received: faults.slice(0, 5).join('; '),
    hint: 'check which network it is of, and how many classes and which input that had',
  })
}

/** Whether a weight comes of a tensor in its own shape: where features were flattened, its first axis is several. */
function gives(layout: Layout, { flattened }: PeerTensor, { shape }: TensorSpec): boolean {
  const ours = shapeInOurs(layout)
  if (flattened === undefined) return sameShape(ours, shape)
  return sizeOf(ours) === sizeOf(shape) && ours.at(-1) === shape.at(-1)
}

/** A tensor of another library in our layout. */
export function inOurLayout({ data }: NamedTensor, { weight, layout }: Moved): NamedTensor {
  return { name: weight.name, shape: weight.shape, data: permuteAxes(data, layout.seen, layout.axes) }
}

/**
 * What weights of ours become in another library, in the order of its own list; undefined where that has them in other shapes, as for
 * another input.
 */
export function pairedForPeer(
  weights: readonly TensorSpec[],
  { peer, tensors }: PeerWeights,
): readonly Moved[] | undefined {
  const moved: Moved[] = []
  for (const [name, tensor] of Object.entries(tensors)) {
    const weight = weights.find((each) => each.name === name)
    if (weight === undefined) throw internalError(`${peer} has a ${tensor.name} that is no ${name} of the network.`)
    const layout = layoutOfWeight(tensor, weight.shape)
    if (layout === undefined || !gives(layout, tensor, weight)) return undefined
    moved.push({ weight, tensor, layout })
  }
  return moved
}

/** A weight of ours in the layout of another library: the way back of {@link inOurLayout}, bit for bit. */
export function inPeerLayout({ data }: NamedTensor, { tensor, layout }: Moved): NamedTensor {
  return { name: tensor.name, shape: layout.theirs, data: permuteAxes(data, shapeInOurs(layout), inverse(layout.axes)) }
}
