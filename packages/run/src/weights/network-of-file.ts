import {
  ConvzooError,
  createModel,
  type ImageShape,
  type Model,
  matchWeights,
  type ResolvedArchitecture,
} from '@convzoo/core'
import { formatShape, printable } from '@convzoo/core/define'
import type { TensorSpec } from '@convzoo/safetensors'
import { type WeightsFile, withoutNetwork } from './weights-file.js'

/** The network of a file of weights. */
export interface NetworkOfFile {
  readonly id: string
  readonly input: ImageShape
  readonly model: Model
  readonly network: ResolvedArchitecture
}

/**
 * The network that a file holds the weights of, with as many classes as it has.
 *
 * @param input What it sees; by default what the file says, or else the network's tag.
 * @throws ConvzooError of kind `option` if nobody says which network it is, of kind `file` if the weights are those of another one.
 */
export function networkOfFile(
  { path, network, tensors, images }: Pick<WeightsFile, 'path' | 'network' | 'tensors' | 'images'>,
  given: ImageShape | undefined,
): NetworkOfFile {
  if (network === undefined) throw withoutNetwork(path)
  const { architecture, tagName, tag } = network
  const input = given ?? images.input ?? tag.defaults.input
  const build = (classes?: number): Model =>
    createModel(architecture, { tag: tagName, input, ...(classes === undefined ? {} : { classes }) })
  const model = build(classesIn(tensors, build))
  const id = `${architecture.name}.${tagName}`
  requireItsOwn(path, id, model, tensors)
  return { id, input, model, network }
}

/** How many classes weights tell apart: by the length of an axis that differs between networks of two and of three. */
function classesIn(tensors: readonly TensorSpec[], build: (classes: number) => Model): number | undefined {
  const three = new Map(build(3).weights.map(({ name, shape }) => [name, shape]))
  for (const { name, shape } of build(2).weights) {
    const axis = shape.findIndex((length, place) => length !== three.get(name)?.[place])
    const there = tensors.find((tensor) => tensor.name === name)?.shape[axis]
    if (axis >= 0 && there !== undefined && there >= 1) return there
  }
  return undefined
}

const mostNamed = 5

function requireItsOwn(path: string, id: string, { weights, inputs }: Model, tensors: readonly TensorSpec[]): void {
  const { missing, left, misshapen } = matchWeights(weights, tensors)
  const faults = [
    ...missing.map((name) => `no ${name}`),
    ...misshapen.map(({ name, received }) => `${name} of shape ${printable(formatShape(received), 100)}`),
    ...left.map((name) => `${printable(name, 100)}, which the network has not`),
  ]
  if (faults.length === 0) return
  throw new ConvzooError({
    kind: 'file',
    message: `${printable(path)} does not hold the weights of ${id} for an input of ${formatShape(inputs[0]?.shape ?? [])}.`,
    expected: `${weights.length} tensors, by name and shape`,
    received: faults.slice(0, mostNamed).join('; '),
    hint: 'check which network it is of, and the input that this had: --input 67x67x3',
  })
}

/** @throws ConvzooError of kind `option` unless there is a name for each class, and each once. */
export function requireAsManyNames(names: readonly string[], { classes }: Model): void {
  const twice = names.find((name, place) => names.indexOf(name) !== place)
  if (names.length === classes && twice === undefined) return
  throw new ConvzooError({
    kind: 'option',
    message: 'The names of the classes are not those of the network.',
    expected: `${classes} names, each once`,
    received: twice === undefined ? `${names.length} names` : `${printable(twice, 60)} twice`,
    hint: 'give one name for each output, in their order: crane (bird) and crane (machine) where two are called so',
  })
}
