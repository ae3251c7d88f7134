import { Worker } from 'node:worker_threads'
import { isFloat32Array, isUint8Array, matching, requireArguments, sizeOf } from '@convzoo/core/define'
import { WorkerClient } from '@convzoo/core/engine'
import { ownFile, pathOption } from '@convzoo/files'
import type { LayersModelStart } from './layers-model-worker.js'
import { readModelFile, unusable } from './read.js'

/** A network that was written as a LayersModel. */
export interface OpenedLayersModel {
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

/**
 * Opens a LayersModel as TensorFlow.js does, in pure JavaScript and a worker thread of its own: to compare it with the network that it was
 * written of, not to be fast.
 *
 * @throws ConvzooError of kind `file` if the folder holds none, or one that TensorFlow.js refuses.
 * @example
 * const network = await openLayersModel('nin-tfjs')
 * const probabilities = await network.run(images)
 * await network.dispose()
 */
export async function openLayersModel(folder: string): Promise<OpenedLayersModel> {
  requireArguments('openLayersModel', { folder: [pathOption, folder] })
  const { imageShape, takesBytes } = await readModelFile(folder)
  const path = ownFile('layers-model-worker.js', { packageName: '@convzoo/engine-tfjs', from: import.meta.url })
  const worker = new Worker(path)
  const client = new WorkerClient(worker, 'TensorFlow.js')
  worker.on('error', ({ message }) => client.fail(message))
  worker.on('exit', (code) => client.fail(`its thread ended with code ${code}`))
  const size = sizeOf(imageShape)
  const dispose = async (): Promise<void> => {
    client.fail('it has been disposed of')
    await worker.terminate()
  }
  try {
    await client.ask({ type: 'start', start: { folder } satisfies LayersModelStart }, 'started')
  } catch (error) {
    await dispose()
    throw error
  }
  return {
    imageShape,
    takesBytes,
    async run(images) {
      requireArguments('run', { images: [wholeImages(size, takesBytes), images] })
      const inputs = { images: Float32Array.from(images) }
      const { outputs } = await client.ask({ type: 'run', name: 'predict', inputs }, 'ran')
      const { predictions } = outputs
      if (predictions !== undefined && isFloat32Array(predictions)) return predictions
      throw unusable(folder, 'no predictions')
    },
    dispose,
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
