import { Worker } from 'node:worker_threads'
import {
  boolean,
  defineOptions,
  internalError,
  isFloat32Array,
  isUint8Array,
  matching,
  optional,
  requireArguments,
  sizeOf,
} from '@convzoo/core/define'
import { threadCount, WorkerClient } from '@convzoo/core/engine'
import { openRegularFile, ownFile, pathOption, processors } from '@convzoo/files'
import { silenceTelemetry } from '../runtime/telemetry.js'
import type { ModelStart } from './onnx-model-worker.js'

export interface OpenOnnxModelOptions {
  /** Threads that share an operator; as many as the process may use by default. */
  readonly threads?: number | undefined
  /** Whether threads that wait for work stay awake: quicker where nothing else computes, at the cost of the others where something does; true by default. */
  readonly spinning?: boolean | undefined
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

const openOptions = defineOptions({ threads: optional(threadCount), spinning: optional(boolean, true) })

/**
 * Opens a model that takes images and gives one tensor, as `writeOnnx` of @convzoo/onnx and `convzoo export` write them. It runs in a thread of
 * its own: the caller is not blocked.
 *
 * @throws ConvzooError of kind `file` if the file is none, or one that ONNX Runtime refuses.
 * @example
 * const network = await openOnnxModel('nin.onnx')
 * const probabilities = await network.run(images)
 * await network.dispose()
 */
export async function openOnnxModel(path: string, options: OpenOnnxModelOptions = {}): Promise<OnnxModel> {
  requireArguments('openOnnxModel', { path: [pathOption, path] })
  const { threads = processors().count, spinning } = openOptions.parse('openOnnxModel', options)
  // Says of what is no file what it is.
  const { handle } = await openRegularFile(path, 'an ONNX model')
  await handle.close()
  await silenceTelemetry()
  const worker = new Worker(
    ownFile('onnx-model-worker.js', { packageName: '@convzoo/engine-onnx', from: import.meta.url }),
  )
  const client = new WorkerClient(worker, 'ONNX Runtime')
  worker.on('error', ({ message }) => client.fail(message))
  worker.on('exit', (code) => client.fail(`the worker thread ended with code ${code}`))
  const end = async (): Promise<void> => {
    client.fail('it has been disposed of')
    await worker.terminate()
  }
  const started = async () => {
    await client.ask({ type: 'start', start: { path, threads, spinning } satisfies ModelStart }, 'started')
    const { data } = await client.ask({ type: 'read', name: 'images' }, 'read')
    const [isOfBytes, ...imageShape] = data
    return { imageShape, takesBytes: isOfBytes === 1 }
  }
  const { imageShape, takesBytes } = await started().catch(async (error: unknown) => {
    await end()
    throw error
  })
  const size = sizeOf(imageShape)
  return {
    imageShape,
    takesBytes,
    async run(images) {
      requireArguments('run', { images: [wholeImages(size, takesBytes), images] })
      const copy = Float32Array.from(images)
      const { outputs } = await client.ask({ type: 'run', name: 'model', inputs: { images: copy } }, 'ran', [
        copy.buffer,
      ])
      const { output } = outputs
      if (isFloat32Array(output)) return output
      throw internalError('The model gave no numbers.')
    },
    async dispose() {
      await client.ask({ type: 'stop' }, 'done')
      await end()
    },
  }
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
