import { join } from 'node:path'
import { ConvzooError, type Shape } from '@convzoo/core'
import { describeValue, isShape, printable, sizeOf } from '@convzoo/core/define'
import { isJsonObject, type JsonObject, openRegularFile, readInto, readJsonFile, requireAtMost } from '@convzoo/files'

/** The file that `tf.loadLayersModel` is told. */
export const modelFile = 'model.json'

/** Bytes of a model.json: it holds no weights. */
const mostBytes = 2 ** 26

const expected = 'a LayersModel, as convzoo export --format tfjs writes it'

interface StoredWeight {
  readonly name: string
  readonly shape: Shape
}

/** A model.json. */
export interface ModelFile {
  readonly topology: JsonObject
  /** Of an image: [H, W, C]. */
  readonly imageShape: Shape
  /** Whether images are bytes. */
  readonly takesBytes: boolean
  readonly weights: readonly StoredWeight[]
  /** Names of the files of weights. */
  readonly paths: readonly string[]
}

/** @throws ConvzooError of kind `file` if the folder holds no model.json, or that of another sort of model. */
export async function readModelFile(folder: string): Promise<ModelFile> {
  const path = join(folder, modelFile)
  const { modelTopology: topology, weightsManifest } = await readJsonFile(path, { expected, mostBytes })
  if (!isJsonObject(topology)) throw unusable(path, `a topology that is ${describeValue(topology)}`)
  const groups = isListOf(isGroup)(weightsManifest) ? weightsManifest : []
  const input = inputOf(topology)
  if (groups.length === 0 || input === undefined) throw unusable(path, 'no weights in float32, or not one input')
  return {
    topology,
    ...input,
    weights: groups.flatMap(({ weights }) => weights),
    paths: groups.flatMap(({ paths }) => paths),
  }
}

/** The weights of a model.json, as they lie in its files, one behind the other. */
export async function readWeightFiles(folder: string, { weights, paths }: ModelFile): Promise<ArrayBuffer[]> {
  const wanted = weights.reduce((sum, { shape }) => sum + sizeOf(shape) * Float32Array.BYTES_PER_ELEMENT, 0)
  const files: ArrayBuffer[] = []
  let found = 0
  for (const name of paths) {
    const path = join(folder, name)
    const { handle, size } = await openRegularFile(path, 'weights of a LayersModel')
    try {
      requireAtMost(path, size, wanted - found, 'the weights that model.json names')
      const bytes = new Uint8Array(size)
      found += await readInto(handle, bytes, 0)
      files.push(bytes.buffer)
    } finally {
      await handle.close()
    }
  }
  if (found === wanted) return files
  throw unusable(folder, `${found} bytes of weights, where model.json names ${wanted}`)
}

interface Group {
  readonly paths: readonly string[]
  readonly weights: readonly StoredWeight[]
}

const isListOf =
  <T>(is: (value: unknown) => value is T) =>
  (given: unknown): given is readonly T[] =>
    Array.isArray(given) && given.every(is)

const isText = (given: unknown): given is string => typeof given === 'string'

const isStoredWeight = (given: unknown): given is StoredWeight & JsonObject =>
  isJsonObject(given) && isText(given.name) && isShape(given.shape) && given.dtype === 'float32'

const isGroup = (given: unknown): given is Group & JsonObject =>
  isJsonObject(given) && isListOf(isText)(given.paths) && isListOf(isStoredWeight)(given.weights)

function inputOf({ config }: JsonObject): Pick<ModelFile, 'imageShape' | 'takesBytes'> | undefined {
  const layers = isJsonObject(config) && Array.isArray(config.layers) ? config.layers.filter(isJsonObject) : []
  const [input, ...others] = layers.filter(({ class_name: name }) => name === 'InputLayer')
  if (input === undefined || others.length > 0 || !isJsonObject(input.config)) return undefined
  const { batch_input_shape: shape, dtype } = input.config
  if (!Array.isArray(shape)) return undefined
  const [, ...imageShape] = shape
  return isShape(imageShape) ? { imageShape, takesBytes: dtype === 'int32' } : undefined
}

export function unusable(path: string, received: string, cause?: unknown): ConvzooError {
  return new ConvzooError({
    kind: 'file',
    message: `${printable(path)} is no LayersModel that can be opened.`,
    expected,
    received: printable(received, 300),
    ...(cause === undefined ? {} : { cause }),
  })
}
