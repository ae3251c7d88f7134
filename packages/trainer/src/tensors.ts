import { ConvzooError, type NamedTensor } from '@convzoo/core'
import { describeValue, formatShape, isAsyncIterable, isIterable, printable, sameShape } from '@convzoo/core/define'
import { isTensor, notFiniteIn, type TensorSpec } from '@convzoo/safetensors/blob'
import { listed } from './listed.js'

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

function notTensors(received: string): ConvzooError {
  return new ConvzooError({
    kind: 'state',
    message: 'What was given are not the tensors of a network.',
    expected: 'a list of { name, shape, data }, each once, with a Float32Array of as many elements as the shape has',
    received,
    hint: 'give those of readWeights, or those that a safetensors file holds',
  })
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
