import { ConvzooError } from '@convzoo/core'
import { isFloat32Array, messageOf, printable, sizeOf } from '@convzoo/core/define'
import type * as Ort from 'onnxruntime-node'
import { loadRuntime } from '../runtime/load.js'

/** A model in the thread that runs it, which is blocked meanwhile. */
export interface LoadedModel {
  /** Of an image. */
  readonly imageShape: readonly number[]
  /** Whether images are bytes, 0 to 255. */
  readonly takesBytes: boolean
  /** @param images [N, …], of whole images. */
  run(images: Float32Array): Promise<Float32Array>
  release(): Promise<void>
}

interface Loading {
  readonly threads: number
  /** Whether threads that wait for work stay awake. */
  readonly spinning: boolean
}

/** @throws ConvzooError of kind `file` if ONNX Runtime refuses the file, or it takes or gives something else. */
export async function loadModel(path: string, { threads, spinning }: Loading): Promise<LoadedModel> {
  const runtime = await loadRuntime()
  const session = await runtime.InferenceSession.create(path, {
    intraOpNumThreads: threads,
    extra: { session: { intra_op: { allow_spinning: spinning ? '1' : '0' } } },
  }).catch((cause) => {
    throw unusable(path, messageOf(cause), cause)
  })
  const { imageShape, takesBytes } = imagesOf(path, session)
  const [input = ''] = session.inputNames
  const [output = ''] = session.outputNames
  const size = sizeOf(imageShape)
  return {
    imageShape,
    takesBytes,
    async run(images) {
      const shape = [images.length / size, ...imageShape]
      const tensor = takesBytes
        ? new runtime.Tensor('uint8', Uint8Array.from(images), shape)
        : new runtime.Tensor('float32', images, shape)
      const { [output]: given } = await session.run({ [input]: tensor })
      if (given !== undefined && isFloat32Array(given.data)) return given.data
      throw unusable(path, `an output of ${given?.type ?? 'nothing'}`)
    },
    release: () => session.release(),
  }
}

function imagesOf(
  path: string,
  { inputMetadata, outputNames }: Ort.InferenceSession,
): Pick<LoadedModel, 'imageShape' | 'takesBytes'> {
  const [input, ...others] = inputMetadata
  const isOfImages = input?.isTensor === true && ['float32', 'uint8'].includes(input.type)
  if (isOfImages && others.length === 0 && outputNames.length === 1) {
    const [batch, ...image] = input.shape
    const imageShape = image.filter((length) => typeof length === 'number')
    if (typeof batch === 'string' && imageShape.length === image.length) {
      return { imageShape, takesBytes: input.type === 'uint8' }
    }
  }
  const given = inputMetadata.map((each) => (each.isTensor ? `${each.type} [${each.shape.join(', ')}]` : 'no tensor'))
  throw unusable(path, `${given.join(' and ') || 'nothing'} in, ${outputNames.length} out`)
}

function unusable(path: string, received: string, cause?: unknown): ConvzooError {
  return new ConvzooError({
    kind: 'file',
    message: `${printable(path)} is no model that takes images and gives one tensor.`,
    expected: 'an ONNX model with one input, float32 or uint8 [N, …] for any N, and one output',
    received: printable(received, 300),
    ...(cause === undefined ? {} : { cause }),
  })
}
