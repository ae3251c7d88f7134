import { ConvzooError, type NamedTensor, type PeerTensor, type PeerWeights } from '@convzoo/core'
import { formatShape, permuteAxes, printable, sameShape, sizeOf } from '@convzoo/core/define'
import type { TensorSpec } from '@convzoo/safetensors'

/** Which tensor of another library becomes which weight. */
export interface Moved {
  readonly weight: TensorSpec
  readonly tensor: PeerTensor
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
  const moved = weights.flatMap((weight): readonly Moved[] => {
    const { [weight.name]: tensor } = tensors
    return tensor === undefined ? [] : [{ weight, tensor }]
  })
  const wanted = new Set(moved.map(({ tensor: { name } }) => name))
  const faults = [
    ...moved.flatMap(({ weight, tensor }) => {
      const { name } = tensor
      const shape = shapes.get(name)
      if (shape === undefined) return [`no ${name}`]
      const ours = sizeOf(shape) === sizeOf(weight.shape) ? shapeOf(tensor, shape) : undefined
      const fits = ours !== undefined && (tensor.view === undefined ? sameShape(ours, weight.shape) : true)
      return fits ? [] : [`${name} of shape ${printable(formatShape(shape), 100)}`]
    }),
    ...there.flatMap(({ name }) => (wanted.has(name) ? [] : [`${printable(name, 100)}, which the network has not`])),
  ]
  if (faults.length === 0) return moved
  throw new ConvzooError({
    kind: 'file',
    message: `${printable(path)} does not hold the weights of ${peer}.`,
    expected: `${moved.length} tensors, by name and shape`,
    received: faults.slice(0, 5).join('; '),
    hint: 'check which network it is of, and how many classes and which input that had',
  })
}

/** Whether a view keeps the first axis of a shape and takes others apart, each into some of its own in their order. */
function splits(view: readonly number[], shape: readonly number[]): boolean {
  if (view[0] !== shape[0]) return false
  let next = 0
  for (const length of shape) {
    let product = view[next++] ?? 0
    while (product < length && next < view.length) product *= view[next++] ?? 0
    if (product !== length) return false
  }
  return view.slice(next).every((length) => length === 1)
}

/** A tensor of another library in our layout. */
export function inOurLayout({ data, shape }: NamedTensor, { weight, tensor }: Moved): NamedTensor {
  const view = tensor.view ?? shape
  const axes = tensor.axes ?? view.map((_, axis) => axis)
  return { name: weight.name, shape: weight.shape, data: permuteAxes(data, view, axes) }
}

function shapeOf({ view, axes }: PeerTensor, shape: readonly number[]): readonly number[] | undefined {
  const seen = view ?? shape
  if (!splits(seen, shape)) return undefined
  return axes === undefined ? seen : axes.length === seen.length ? axes.map((axis) => seen[axis] ?? 0) : undefined
}
