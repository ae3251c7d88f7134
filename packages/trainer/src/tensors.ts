import { ConvzooError, type NamedTensor, type Shape } from '@convzoo/core'
import {
  describeValue,
  formatShape,
  isAsyncIterable,
  isFloat32Array,
  isIterable,
  matching,
  printable,
  sameShape,
  sizeOf,
} from '@convzoo/core/define'
import { listed } from './listed.js'

/** A tensor's name and shape. */
export interface TensorSpec {
  readonly name: string
  readonly shape: Shape
}

/** Names and shapes of tensors. */
export const specsOption = matching(
  'a list of { name, shape }',
  (value): value is readonly TensorSpec[] =>
    Array.isArray(value) &&
    value.every((spec: unknown) => {
      if (typeof spec !== 'object' || spec === null) return false
      const { name, shape }: Partial<Record<keyof TensorSpec, unknown>> = spec
      return typeof name === 'string' && isShape(shape)
    }),
)

/**
 * Compares the tensors that are there with those that should be.
 *
 * @throws ConvzooError of kind `state` that names what is missing, unknown or of another shape.
 */
export function requireSameTensors(
  received: readonly TensorSpec[],
  expected: readonly TensorSpec[],
  where: string,
): void {
  const shapes = new Map(received.map(({ name, shape }) => [name, shape]))
  const wanted = new Map(expected.map(({ name, shape }) => [name, shape]))
  const missing = expected.filter(({ name }) => !shapes.has(name)).map(({ name }) => name)
  const unknown = received.filter(({ name }) => !wanted.has(name)).map(({ name }) => name)
  const differing = expected.flatMap(({ name, shape }) => {
    const other = shapes.get(name)
    return other === undefined || sameShape(shape, other)
      ? []
      : [`${name} ${formatShape(other)} instead of ${formatShape(shape)}`]
  })
  if (missing.length + unknown.length + differing.length === 0) return
  throw new ConvzooError({
    kind: 'state',
    message: `The tensors of ${where} are not those of the network.`,
    expected: `${expected.length} tensors, by name and shape`,
    received: [
      ...(missing.length === 0 ? [] : [`missing ${listed(missing)}`]),
      ...(unknown.length === 0 ? [] : [`unknown ${listed(unknown)}`]),
      ...(differing.length === 0 ? [] : [`of another shape ${listed(differing)}`]),
    ].join('; '),
    hint: 'use the network, input size and number of classes that they were made with',
  })
}

/** Which tensors will do: all that are expected, some of them and no others, or any. */
export type Fit = 'all' | 'some' | 'any'

/** Bytes of a float32 tensor. */
export const tensorBytes = (shape: Shape): number => sizeOf(shape) * Float32Array.BYTES_PER_ELEMENT

/**
 * Takes all tensors in before anything is done with them: what gives them may look at what they will replace. Those of a list are there
 * already; others are copied, since a generator may fill one array again and again.
 */
export async function collectedTensors(
  tensors: Iterable<NamedTensor> | AsyncIterable<NamedTensor>,
  expected: readonly TensorSpec[],
  fit: Fit = 'all',
): Promise<readonly NamedTensor[]> {
  const collected: NamedTensor[] = []
  for await (const tensor of checkedTensors(tensors, expected, fit)) {
    collected.push(Array.isArray(tensors) ? tensor : { ...tensor, data: tensor.data.slice() })
  }
  return collected
}

/** Passes tensors on, and refuses at once one that does not fit or is not finite; at the end a missing one. */
async function* checkedTensors(
  tensors: Iterable<NamedTensor> | AsyncIterable<NamedTensor>,
  expected: readonly TensorSpec[],
  fit: Fit,
): AsyncGenerator<NamedTensor, void, undefined> {
  if (!isIterable(tensors) && !isAsyncIterable(tensors)) throw notTensors(describeValue(tensors))
  const wanted = new Map(expected.map((spec) => [spec.name, spec]))
  const seen: TensorSpec[] = []
  for await (const tensor of tensors) {
    const fields: unknown = tensor
    if (!isTensor(fields)) throw notTensors(describeValue(fields))
    if (seen.some(({ name }) => name === tensor.name)) throw notTensors(`${printable(tensor.name, 100)} twice`)
    const spec = wanted.get(tensor.name)
    if (fit !== 'any') requireSameTensors([tensor], spec === undefined ? [] : [spec], 'what was given')
    const fault = notFiniteIn(tensor)
    if (fault !== undefined) throw notFinite(fault)
    seen.push(tensor)
    yield tensor
  }
  if (fit !== 'all') return
  requireSameTensors(
    seen.map(({ name, shape }) => ({ name, shape })),
    expected,
    'what was given',
  )
}

/** Whether this is a tensor: a name, a shape, and as many float32 values as that has. */
export const isTensor = (value: unknown): value is NamedTensor => {
  if (typeof value !== 'object' || value === null) return false
  const { name, shape, data }: Partial<Record<keyof NamedTensor, unknown>> = value
  return typeof name === 'string' && isShape(shape) && isFloat32Array(data) && data.length === sizeOf(shape)
}

const isShape = (value: unknown): value is Shape =>
  Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0)

function notTensors(received: string): ConvzooError {
  return new ConvzooError({
    kind: 'state',
    message: 'What was given are not the tensors of a network.',
    expected: 'a list of { name, shape, data }, each once, with a Float32Array of as many elements as the shape has',
    received,
    hint: 'give those of readWeights, or those that a safetensors file holds',
  })
}

/** The first element of a tensor that is NaN or infinite, in words; undefined if all are finite. */
export function notFiniteIn({ name, data }: NamedTensor): string | undefined {
  for (let index = 0; index < data.length; index++) {
    const value = data[index] ?? 0
    if (!Number.isFinite(value)) return `${value} as element ${index} of the tensor ${printable(name, 100)}`
  }
  return undefined
}

function notFinite(received: string): ConvzooError {
  return new ConvzooError({
    kind: 'numeric',
    message: 'Tensors that are not finite cannot be the weights of a network.',
    expected: 'finite numbers',
    received,
    hint: 'use weights from before they left the finite numbers',
  })
}
