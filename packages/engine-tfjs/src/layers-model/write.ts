import { join } from 'node:path'
import { ConvzooError, type Model, type NamedTensor, type Preprocessing } from '@convzoo/core'
import {
  defineOptions,
  describeValue,
  formatShape,
  functionOf,
  isAsyncIterable,
  isFloat32Array,
  messageOf,
  modelOption,
  namedTexts,
  optional,
  preprocessingKind,
  requireArguments,
  sizeOf,
} from '@convzoo/core/define'
import { makeFolder, pathOption, replaceFile } from '@convzoo/files'
import { type ByteFront, byteFront } from './byte-front.js'
import { modelFile } from './read.js'
import { topologyOf } from './topology.js'
import { manifestOf, type StoredTensor, weightFiles, writeWeightFiles } from './weight-files.js'

export interface WriteLayersModelOptions {
  /** Gives the weights of these names, in this order, one at a time. */
  readonly read: (names: readonly string[]) => AsyncIterable<NamedTensor>
  /** What stands in model.json beside the network, as `userDefinedMetadata`; nothing by default. */
  readonly metadata?: Readonly<Record<string, string>> | undefined
  /**
   * Puts what of preprocessing is arithmetic into the model, as its first layer. Then it takes bytes, int32 [N, H, W, C] as
   * `tf.browser.fromPixels` makes them, of pictures that have the input's size already. Without it, which is the default, it takes images that
   * are preprocessed, float32.
   */
  readonly preprocessing?: Preprocessing | undefined
}

/** What was written. */
export interface WrittenLayersModel {
  /** The layer that takes images, [N, H, W, C] for any N: preprocessed, or bytes. */
  readonly input: string
  /** The layer that gives what the network makes of them, [N, …]. */
  readonly output: string
  /** The files in the folder, model.json first. */
  readonly files: readonly string[]
}

const writeOptions = defineOptions({
  read: functionOf<WriteLayersModelOptions['read']>(),
  metadata: optional(namedTexts, {}),
  preprocessing: optional(preprocessingKind),
})

/**
 * Finds out beforehand whether a network can be written as a LayersModel.
 *
 * @throws ConvzooError of kind `option` that names the layer, if it cannot.
 */
export function requireLayersModel(model: Model): void {
  requireArguments('requireLayersModel', { model: [modelOption, model] })
  topologyOf(model, undefined)
}

/**
 * Writes a network with its weights as a LayersModel: `model.json` and files of weights, for `tf.loadLayersModel` with
 * `@convzoo/engine-tfjs/layers` imported before. Layers and weights keep their names.
 *
 * @param folder Where the files go; made if it is not there.
 * @throws ConvzooError of kind `option` for a network that a LayersModel cannot hold, or if `read` does not give a weight; of kind `file` if
 * the files cannot be written.
 * @example
 * const model = createModel('nin')
 * await writeLayersModel('nin-tfjs', model, { read: (names) => trainer.readWeights(names) })
 */
export async function writeLayersModel(
  folder: string,
  model: Model,
  options: WriteLayersModelOptions,
): Promise<WrittenLayersModel> {
  requireArguments('writeLayersModel', { folder: [pathOption, folder], model: [modelOption, model] })
  const { read, metadata, preprocessing } = writeOptions.parse('writeLayersModel', options)
  const front = preprocessing === undefined ? undefined : byteFront(model, preprocessing)
  const { json, input, output } = topologyOf(model, front)
  const tensors: readonly StoredTensor[] = [...(front?.tensors ?? []), ...model.weights]
  const paths = weightFiles(tensors)
  await makeFolder(folder)
  await writeWeightFiles(folder, paths, withConstants(front, checked(model.weights, read)))
  const whole = {
    format: 'layers-model',
    generatedBy: 'convzoo',
    convertedBy: null,
    modelTopology: json,
    weightsManifest: manifestOf(tensors, paths),
    userDefinedMetadata: metadata,
  }
  await replaceFile(join(folder, modelFile), (file) => file.writeFile(JSON.stringify(whole)))
  return { input, output, files: [modelFile, ...paths] }
}

/** What is put before a network, and its weights. */
async function* withConstants(
  front: ByteFront | undefined,
  weights: AsyncIterable<NamedTensor>,
): AsyncGenerator<NamedTensor, void, undefined> {
  if (front !== undefined) yield* front.tensors
  yield* weights
}

/** The tensors that were asked for, each as it was. */
async function* checked(
  wanted: readonly StoredTensor[],
  read: WriteLayersModelOptions['read'],
): AsyncGenerator<NamedTensor, void, undefined> {
  const tensors = asked(read, wanted)[Symbol.asyncIterator]()
  try {
    for (const { name, shape } of wanted) {
      const { value }: IteratorResult<unknown, unknown> = await tensors.next()
      const given: Partial<NamedTensor> = Object(value)
      if (given.name !== name || !isFloat32Array(given.data) || given.data.length !== sizeOf(shape)) {
        throw notRead(`${name} of shape ${formatShape(shape)}, float32`, describeValue(value))
      }
      yield { name, shape, data: given.data }
    }
  } finally {
    await tensors.return?.()
  }
}

function asked(read: WriteLayersModelOptions['read'], wanted: readonly StoredTensor[]): AsyncIterable<unknown> {
  let given: unknown
  try {
    given = read(wanted.map(({ name }) => name))
  } catch (cause) {
    throw ConvzooError.isInstance(cause) ? cause : notRead('tensors', messageOf(cause), cause)
  }
  if (isAsyncIterable(given)) return given
  throw notRead('an async iterable of tensors', describeValue(given))
}

function notRead(expected: string, received: string, cause?: unknown): ConvzooError {
  return new ConvzooError({
    kind: 'option',
    message: 'The option "read" did not give what it was asked for.',
    expected,
    received,
    ...(cause === undefined ? {} : { cause }),
  })
}
