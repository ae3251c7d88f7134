import type { Dataset, Engine, Executable, Model, NamedTensor } from '@convzoo/core'
import { ConvzooError } from '@convzoo/core'
import { formatShape, isOptionsObject, matching, requireArguments, sizeOf } from '@convzoo/core/define'

/** A network with its weights, and what computes it: a run that is opened is one. */
export interface Network {
  readonly model: Model
  readonly engine: Engine
  /** The model's weights and statistics. */
  readWeights(): AsyncIterable<NamedTensor>
  /**
   * Where the last look leaves what it has compiled, with the weights, by what that computes: a look at the same goes on with it. Only for a
   * network whose weights stay what they are; whoever has it disposes of what is left. Without it each look begins anew.
   */
  readonly keptLooks?: Map<string, Executable> | undefined
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

/** How a look goes on, once it was read. */
export interface ParsedLooking {
  readonly batchSize: number
  readonly signal: AbortSignal | undefined
  readonly onProgress: ((done: number, total: number) => void) | undefined
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
