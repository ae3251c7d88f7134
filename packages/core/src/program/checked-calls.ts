import type { Inputs, NamedTensor } from '../contracts/engine.js'
import { ConvzooError, meantBy } from '../errors/index.js'
import { isOptionsObject, matching, requireArguments, text, texts, unfit } from '../options/index.js'
import { isAsyncIterable, isFloat32Array, isIterable, isUint32Array } from '../recognise/index.js'
import { formatShape, sameShape, sizeOf } from '../shape.js'
import type { StateSpec } from './program.js'

/** What every compiled program asks of those who call it, whatever engine runs it. */

const inputsKind = matching('an object of arrays by name, such as { images }', isOptionsObject)

/**
 * What a function is called with, if each input is an array of numbers or a number.
 *
 * @throws ConvzooError of kind `option` that names what is not.
 */
export function checkedInputs(name: string, inputs: Inputs): Inputs {
  requireArguments('run', { name: [text, name], inputs: [inputsKind, inputs] })
  for (const [input, value] of Object.entries<unknown>(inputs)) {
    if (value === undefined || typeof value === 'number' || isFloat32Array(value) || isUint32Array(value)) continue
    const isList = Array.isArray(value) && value.every((each) => typeof each === 'number')
    throw unfit(
      `inputs.${input}`,
      `run of ${name}`,
      'a Float32Array, a Uint32Array or a number',
      value,
      isList ? `copy it: Float32Array.from(${input})` : undefined,
    )
  }
  return inputs
}

/** @throws ConvzooError of kind `option` for what is no list of names. */
export function checkedNames(names: readonly string[]): readonly string[] {
  requireArguments('readState', { names: [texts, names] })
  return names
}

/**
 * The tensors that somebody writes, each looked at when it comes.
 *
 * @throws ConvzooError of kind `option` for what are no tensors, of kind `state` for one that does not belong to the program.
 */
export async function* checkedTensors(
  tensors: Iterable<NamedTensor> | AsyncIterable<NamedTensor>,
  specs: ReadonlyMap<string, Pick<StateSpec, 'shape'>>,
): AsyncGenerator<NamedTensor> {
  if (!isIterable(tensors) && !isAsyncIterable(tensors)) {
    throw unfit(
      'tensors',
      'writeState',
      'a list of tensors, or what gives them one by one',
      tensors,
      iterableMeantBy(tensors),
    )
  }
  for await (const tensor of tensors) {
    if (!isTensor(tensor)) {
      throw unfit('tensors', 'writeState', 'tensors, each { name, shape, data }, with data in a Float32Array', tensor)
    }
    const { name, shape, data } = tensor
    const spec = specs.get(name)
    if (spec === undefined) throw unknownName('state', name, [...specs.keys()])
    if (!sameShape(shape, spec.shape) || data.length !== sizeOf(spec.shape)) {
      throw new ConvzooError({
        kind: 'state',
        message: `The tensor "${name}" does not have the shape of the state it is meant for.`,
        expected: formatShape(spec.shape),
        received: `${formatShape(shape)} with ${data.length} elements`,
      })
    }
    yield tensor
  }
}

/** The error for a function or a state tensor that a program does not have. */
export function unknownName(kind: 'function' | 'state', name: string, known: readonly string[]): ConvzooError {
  return new ConvzooError({
    kind: 'state',
    message: `The program has no ${kind} "${name}".`,
    expected: known.length === 0 ? 'none: it has none' : `one of ${known.join(', ')}`,
    received: name,
  })
}

const isTensor = (given: unknown): given is NamedTensor =>
  isOptionsObject(given) &&
  'name' in given &&
  typeof given.name === 'string' &&
  'shape' in given &&
  Array.isArray(given.shape) &&
  given.shape.every((length) => typeof length === 'number') &&
  'data' in given &&
  isFloat32Array(given.data)

/** One tensor where a list of them is due. */
const iterableMeantBy = (given: unknown): string | undefined =>
  isTensor(given) ? 'put it into a list: [tensor]' : meantBy(given)
