import { ConvzooError } from '@convzoo/core'
import {
  defineOptions,
  isFloat32Array,
  isUint8Array,
  matching,
  messageOf,
  optional,
  printable,
  requireArguments,
  sizeOf,
} from '@convzoo/core/define'
import { threadCount } from '@convzoo/core/engine'
import { openRegularFile, pathOption, processors } from '@convzoo/files'
import type * as Ort from 'onnxruntime-node'
import { loadRuntime } from '../runtime/load.js'
import { silenceTelemetry } from '../runtime/telemetry.js'

export interface OpenOnnxModelOptions {
  /** Threads that share an operator; as many as the process may use by default. */
  readonly threads?: number | undefined
}

/** A network that was written as an ONNX model. */
export interface OnnxModel {
  /** Of an image: [H, W, C], as the model takes it. */
  readonly imageShape: readonly number[]
  /** Whether images are bytes, 0 to 255; otherwise they are preprocessed. */
  readonly takesBytes: boolean
  /**
   * What the network makes of images.
   *
   * @param images [N, H, W, C], row-major, for any N: a Uint8Array for a model that takes bytes.
   * @returns [N, …], row-major.
   */
  run(images: Float32Array | Uint8Array): Promise<Float32Array>
  dispose(): Promise<void>
}

const openOptions = defineOptions({ threads: optional(threadCount) })

/**
 * Opens a model that takes images and gives one tensor, as `writeOnnx` of @convzoo/onnx and `convzoo export` write them.
 *
 * @throws ConvzooError of kind `file` if the file is none, or one that ONNX Runtime refuses.
 * @example
 * const network = await openOnnxModel('nin.onnx')
 * const probabilities = await network.run(images)
 * await network.dispose()
 */
export async function openOnnxModel(path: string, options: OpenOnnxModelOptions = {}): Promise<OnnxModel> {
  requireArguments('openOnnxModel', { path: [pathOption, path] })
  const { threads = processors().count } = openOptions.parse('openOnnxModel', options)
  // Says of what is no file what it is.
  const { handle } = await openRegularFile(path, 'an ONNX model')
  await handle.close()
  await silenceTelemetry()
  const runtime = await loadRuntime()
  const session = await runtime.InferenceSession.create(path, { intraOpNumThreads: threads }).catch((cause) => {
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
      requireArguments('run', { images: [wholeImages(size, takesBytes), images] })
      const shape = [images.length / size, ...imageShape]
      const tensor = isUint8Array(images)
        ? new runtime.Tensor('uint8', images, shape)
        : new runtime.Tensor('float32', images, shape)
      const { [output]: given } = await session.run({ [input]: tensor })
      if (given !== undefined && isFloat32Array(given.data)) return given.data
      throw unusable(path, `an output of ${given?.type ?? 'nothing'}`)
    },
    dispose: () => session.release(),
  }
}

function imagesOf(
  path: string,
  { inputMetadata, outputNames }: Ort.InferenceSession,
): Pick<OnnxModel, 'imageShape' | 'takesBytes'> {
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

const wholeImages = (size: number, takesBytes: boolean) =>
  matching(
    `a ${takesBytes ? 'Uint8Array' : 'Float32Array'} of whole images, of ${size} values each`,
    (given): given is Float32Array | Uint8Array =>
      lengthOf(given, takesBytes) > 0 && lengthOf(given, takesBytes) % size === 0,
  )

/** How many values there are; 0 where they are not of the kind that a model takes. */
function lengthOf(given: unknown, takesBytes: boolean): number {
  if (takesBytes) return isUint8Array(given) ? given.length : 0
  return isFloat32Array(given) ? given.length : 0
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
