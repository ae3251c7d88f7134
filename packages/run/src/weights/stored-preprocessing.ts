import { ConvzooError, type ImageShape, type NamedTensor, type Preprocessing } from '@convzoo/core'
import { describeValue, invalid, messageOf, preprocessingKind, printable, sameShape } from '@convzoo/core/define'
import { isJsonObject, parseJson } from '@convzoo/files'
import type { TensorSpec } from '@convzoo/safetensors'
import { imageShapeOption } from '../config/shapes.js'

/** Tensors beside those of a network, whose names have a /: what of its preprocessing is too large for a text. */
const tensorNames = { mean: 'preprocessing.mean', whitening: 'whitening.mean', matrix: 'whitening.matrix' } as const

const reserved: ReadonlySet<string> = new Set(Object.values(tensorNames))

/** Whether a tensor of a file belongs to its preprocessing. */
export const isOfPreprocessing = ({ name }: TensorSpec): boolean => reserved.has(name)

const isImage = ({ mean }: Preprocessing, [, , channels]: ImageShape): boolean => mean.length > channels

/**
 * Preprocessing as it stands beside weights in a file: what is too large for a text is a tensor. Augmentation is left out: it belongs to
 * training.
 */
export function storedPreprocessing(
  preprocessing: Preprocessing,
  input: ImageShape,
): { readonly text: string; readonly tensors: readonly NamedTensor[] } {
  const { augmentation: _, whitening, mean, ...plain } = preprocessing
  const { fitted, ...asked } = whitening ?? {}
  const size = input[0] * input[1] * input[2]
  const image = isImage(preprocessing, input)
  const text = JSON.stringify({
    ...plain,
    mean: image ? tensorNames.mean : mean,
    ...(whitening === undefined ? {} : { whitening: asked }),
  })
  const tensors = [
    ...(image ? [{ name: tensorNames.mean, shape: input, data: Float32Array.from(mean) }] : []),
    ...(fitted === undefined
      ? []
      : [
          { name: tensorNames.whitening, shape: [size], data: fitted.mean },
          { name: tensorNames.matrix, shape: [size, size], data: fitted.matrix },
        ]),
  ]
  return { text, tensors }
}

/** What a file of weights says of its images. */
export interface StoredImages {
  readonly input: ImageShape | undefined
  /** As the network was trained; for this input. */
  readonly preprocessing: Preprocessing | undefined
}

interface Source {
  readonly path: string
  readonly metadata: Readonly<Record<string, string>>
  readonly read: (names: ReadonlySet<string>) => AsyncIterable<NamedTensor>
}

/** @throws ConvzooError of kind `file` if what stands there is of another form. */
export async function readStoredImages({ path, metadata, read }: Source): Promise<StoredImages> {
  const input = metadata.input === undefined ? undefined : shapeIn(path, metadata.input)
  if (metadata.preprocessing === undefined || input === undefined) return { input, preprocessing: undefined }
  const stored = jsonIn(path, metadata.preprocessing)
  const tensors = new Map<string, NamedTensor>()
  for await (const tensor of read(reserved)) tensors.set(tensor.name, tensor)
  const size = input[0] * input[1] * input[2]
  const valuesOf = (name: string, count: number): Float32Array => {
    const data = tensors.get(name)?.data
    if (data?.length === count) return data
    throw damaged(path, `${data?.length ?? 0} values of ${name} where ${count} belong`)
  }
  if (!isJsonObject(stored)) throw damaged(path, describeValue(stored))
  const { mean, whitening, ...rest } = stored
  const fitted = isJsonObject(whitening) && {
    ...whitening,
    fitted: { mean: valuesOf(tensorNames.whitening, size), matrix: valuesOf(tensorNames.matrix, size * size) },
  }
  const whole = {
    ...rest,
    mean: mean === tensorNames.mean ? Array.from(valuesOf(tensorNames.mean, size)) : mean,
    ...(fitted === false ? {} : { whitening: fitted }),
  }
  const preprocessing = preprocessingKind.parse(whole, 'preprocessing')
  if (preprocessing === invalid) throw damaged(path, printable(metadata.preprocessing, 200))
  return { input, preprocessing }
}

function shapeIn(path: string, text: string): ImageShape {
  const shape = imageShapeOption.parse(jsonIn(path, text), 'input')
  if (shape !== invalid) return shape
  throw damaged(path, printable(text, 100))
}

function jsonIn(path: string, text: string): unknown {
  try {
    return parseJson(text)
  } catch (error) {
    throw damaged(path, messageOf(error))
  }
}

function damaged(path: string, received: string): ConvzooError {
  return new ConvzooError({
    kind: 'file',
    message: `${printable(path)} does not say rightly what its network sees.`,
    expected: 'input and preprocessing as convzoo export writes them',
    received,
  })
}

/** Whether a file's preprocessing is for an input: that which it says, where none is said. */
export const isForInput = (stored: StoredImages, given: ImageShape | undefined): boolean =>
  given === undefined || (stored.input !== undefined && sameShape(given, stored.input))
