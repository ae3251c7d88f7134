import type { Dataset, Engine, Inputs, Model, NamedTensor, Outputs } from '@convzoo/core'
import { ConvzooError, categoricalCrossentropy } from '@convzoo/core'
import {
  formatShape,
  isFloat32Array,
  isOptionsObject,
  matching,
  requireArguments,
  sizeOf,
  type Value,
} from '@convzoo/core/define'
import { createProgram, type Graph, type GraphNode } from '@convzoo/core/engine'
import { type TracedNetwork, traceNetwork } from './graph/traced-network.js'

/** A network with its weights, and what computes it: a run that is opened is one. */
export interface Network {
  readonly model: Model
  readonly engine: Engine
  /** The model's weights and statistics. */
  readWeights(): AsyncIterable<NamedTensor>
}

const networkKind = matching(
  'a network: { model, engine, readWeights }, such as openRun(…) gives',
  (given): given is Network =>
    isOptionsObject(given) &&
    isOptionsObject(Reflect.get(given, 'model')) &&
    typeof Reflect.get(Object(Reflect.get(given, 'engine')), 'compile') === 'function' &&
    typeof Reflect.get(given, 'readWeights') === 'function',
)

/**
 * The network of a look.
 *
 * @throws ConvzooError of kind `option` for what is none.
 */
export function requireNetwork(subject: string, network: Network): Model {
  requireArguments(subject, { network: [networkKind, network] })
  return network.model
}

/** How a look goes on. */
export interface Looking {
  /** Images at a time; 16 by default. */
  readonly batchSize?: number | undefined
  /** Ends it: its reason is thrown. */
  readonly signal?: AbortSignal | undefined
  /** Told how much is done, and of how much. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/** What is computed of each batch, by name. */
type Asked = (traced: TracedNetwork) => Readonly<Record<string, Value>>

/** How a look goes on, once it was read. */
export interface ParsedLooking {
  readonly batchSize: number
  readonly signal: AbortSignal | undefined
  readonly onProgress: ((done: number, total: number) => void) | undefined
}

export interface Computation extends ParsedLooking {
  /** How many samples there are. */
  readonly count: number
  readonly ask: Asked
  /** What a batch takes, from its first sample on. */
  readonly inputs: (from: number, size: number) => Inputs | Promise<Inputs>
  /** What is done with what it gave. */
  readonly take: (outputs: Outputs, from: number, size: number) => void | Promise<void>
}

/** Computes something of samples, a batch at a time, on the network's engine. */
export async function compute(network: Network, { count, ask, inputs, take, ...looking }: Computation): Promise<void> {
  const { batchSize, signal, onProgress } = looking
  signal?.throwIfAborted()
  if (count === 0) return
  const { model, engine } = network
  const sizes = [...new Set([Math.min(batchSize, count), count % batchSize])].filter((size) => size > 0)
  const functions = Object.fromEntries(sizes.map((size) => [nameOf(size), traced(model, size, ask)]))
  const { state: all } = createProgram({ model, loss: categoricalCrossentropy() })
  const read = new Set(Object.values(functions).flatMap(statesOf))
  const state = all.filter(({ name }) => read.has(name))
  const executable = await engine.compile({ state, functions })
  try {
    await executable.writeState(onlyThese(network.readWeights(), read))
    for (let from = 0; from < count; from += batchSize) {
      signal?.throwIfAborted()
      const size = Math.min(batchSize, count - from)
      await take(await executable.run(nameOf(size), await inputs(from, size)), from, size)
      onProgress?.(from + size, count)
    }
  } finally {
    await executable.dispose()
  }
}

/** The weights and statistics that a graph reads: a look at an early layer reads few of them. */
const statesOf = ({ nodes }: Graph): readonly string[] =>
  nodes.flatMap((node: GraphNode) => (node.primitive === 'state' ? [node.attributes.name] : []))

async function* onlyThese(
  tensors: AsyncIterable<NamedTensor>,
  names: ReadonlySet<string>,
): AsyncGenerator<NamedTensor> {
  for await (const tensor of tensors) if (names.has(tensor.name)) yield tensor
}

/** The function that looks at so many images. */
const nameOf = (size: number): string => `look/${size}`

function traced(model: Model, size: number, ask: Asked): Graph {
  const network = traceNetwork(model, size)
  for (const [name, value] of Object.entries(ask(network))) network.builder.output(name, value)
  return network.builder.finish(nameOf(size))
}

/** Images of a dataset, of which the engine may keep what it is given, and the rows that stand for images that cannot be read. */
export interface LookedBatch {
  readonly images: Float32Array
  readonly targets: Float32Array
  readonly skipped: ReadonlySet<number>
}

/** Images at these places of a dataset. */
export async function batchOf(dataset: Dataset, places: readonly number[]): Promise<LookedBatch> {
  const batch = await dataset.batch(places)
  const copied = { images: batch.images.slice(), targets: batch.targets.slice(), skipped: new Set(batch.skipped) }
  dataset.recycle?.(batch)
  return copied
}

/** The output of this name, as real numbers. */
export function numbersOf(outputs: Outputs, name: string): Float32Array {
  const found = outputs[name]
  if (found !== undefined && isFloat32Array(found)) return found
  throw new ConvzooError({ kind: 'engine', message: `The engine did not give "${name}".` })
}

/** The shape of the images that a network takes: [H, W, C]. */
export function imageShapeOf({ inputs }: Model): readonly [number, number, number] {
  const [shape = []] = inputs.map((input) => input.shape)
  const [height, width, channels] = shape
  if (
    inputs.length === 1 &&
    shape.length === 3 &&
    height !== undefined &&
    width !== undefined &&
    channels !== undefined
  )
    return [height, width, channels]
  throw new ConvzooError({
    kind: 'shape',
    message: 'Only a network of images can be looked into.',
    expected: 'one input [H, W, C]',
    received: inputs.map((input) => formatShape(input.shape)).join(', '),
  })
}

/**
 * How many images an array holds.
 *
 * @throws ConvzooError of kind `shape` unless they are whole images of the network's input.
 */
export function countOf(model: Model, images: Float32Array): number {
  const size = sizeOf(imageShapeOf(model))
  const count = images.length / size
  if (Number.isInteger(count)) return count
  throw new ConvzooError({
    kind: 'shape',
    message: 'The array does not hold whole images of the network.',
    expected: `a multiple of ${size} values: images of ${formatShape(imageShapeOf(model))}, preprocessed`,
    received: `${images.length} values`,
  })
}
