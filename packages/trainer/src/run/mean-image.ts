import { ConvzooError, type ImageShape, type NamedTensor } from '@convzoo/core'
import { formatShape } from '@convzoo/core/define'
import { openSafetensors, writeSafetensors } from '@convzoo/safetensors'

/** A mean image of a training set, of values in [0, 1]. */
export interface MeanImage {
  /** (H, W, C). */
  readonly shape: ImageShape
  /** [H, W, C], row-major. */
  readonly data: Float32Array
}

/** The file's only tensor. */
const name = 'mean'

export async function writeMeanImage(path: string, { shape, data }: MeanImage): Promise<void> {
  await writeSafetensors(path, {
    specs: [{ name, shape }],
    async *read() {
      yield { name, shape, data }
    },
  })
}

/** @throws ConvzooError of kind `file` if it is missing, damaged or holds something else. */
export async function readMeanImage(path: string): Promise<MeanImage> {
  const file = await openSafetensors(path)
  try {
    const described = file.tensors.map((each) => `${each.name} ${formatShape(each.shape)}`).join(', ')
    const [only, ...others] = file.tensors
    if (only?.name !== name || only.shape.length !== 3 || others.length > 0) throw noMeanImage(path, described)
    for await (const { shape, data } of file.read()) {
      if (isImage(shape)) return { shape, data }
    }
    throw noMeanImage(path, described)
  } finally {
    await file.close()
  }
}

const isImage = (shape: NamedTensor['shape']): shape is ImageShape => shape.length === 3

function noMeanImage(path: string, received: string): ConvzooError {
  return new ConvzooError({
    kind: 'file',
    message: `${path} is no mean image.`,
    expected: `one tensor "${name}" of height, width and channels, all values finite`,
    received: received === '' ? 'no tensor' : received,
    hint: 'put the file of this run back, or train anew',
  })
}
