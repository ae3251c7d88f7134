import type { ImageShape, Preprocessing } from '@convzoo/core'
import { defineOptions, isUint8Array, matching, requireArguments } from '@convzoo/core/define'
import { processors } from '@convzoo/files'
import { finisherOf } from '../augment/index.js'
import { kindOfFile } from '../sources/formats.js'
import { imageDatasetParts, requireColours } from './image-dataset.js'
import { SharedMemory } from './shared-memory.js'
import { WorkerPool } from './worker-pool.js'

export interface PictureReaderOptions {
  /** [H, W, C] as the network takes them; C 1 or 3. */
  readonly imageShape: ImageShape
  /** Nothing but resizing and scaling to [0, 1] by default. */
  readonly preprocessing?: Preprocessing
  /** Threads that decode; as many as there are processors by default. */
  readonly workers?: number
  /** Larger pictures are not decoded; 2^26 by default, which is 8192 × 8192. */
  readonly maxPixels?: number
  /** Decode a JPEG at a half, a quarter or an eighth where it is shrunk by more anyway; true by default. */
  readonly shrinkOnLoad?: boolean
}

/**
 * What became of a picture: what the network takes, [H, W, C]; or why it cannot be used, in a few words. It is of a format that is not read, or
 * none; it is damaged; or it has too many pixels.
 */
export type ReadPicture =
  | { readonly image: Float32Array }
  | { readonly refused: 'format' | 'damage' | 'size'; readonly reason: string }

/** Pictures as bytes in memory, made ready for a network as an evaluation sees them. */
export interface PictureReader extends AsyncDisposable {
  /** Pictures that are decoded at once; others wait. */
  readonly workers: number
  /**
   * Decodes one picture, in a thread of its own.
   *
   * @param bytes A file of JPEG, PNG, WebP, GIF, TIFF or AVIF.
   */
  read(bytes: Uint8Array): Promise<ReadPicture>
  dispose(): Promise<void>
}

const { imageShape, preprocessing, workers, maxPixels, shrinkOnLoad } = imageDatasetParts

const parts = defineOptions({ imageShape, preprocessing, workers, maxPixels, shrinkOnLoad })

const bytesKind = matching('the bytes of a picture, a Uint8Array', isUint8Array)

/**
 * Reads pictures that are in memory, by the threads and decoders that {@link imageDataset} reads files with: the same bytes give the same
 * numbers.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 * @example
 * const reader = pictureReader({ imageShape: [227, 227, 3] })
 * const read = await reader.read(bytes)
 * if ('image' in read) console.log(read.image) // Float32Array [227, 227, 3]
 * await reader.dispose()
 */
export function pictureReader(given: PictureReaderOptions): PictureReader {
  const options = parts.parse('pictureReader', given)
  const { imageShape: shape, workers: threads = processors().count } = options
  requireColours(shape)
  // Checked here, where the caller sees it; the workers do the same again.
  finisherOf(shape, options.preprocessing)
  const limits = { maxPixels: options.maxPixels, shrinkOnLoad: options.shrinkOnLoad }
  const start = { shape, preprocessing: options.preprocessing, classes: 1, limits, cache: undefined }
  const pool = new WorkerPool(() => start, threads)
  const shared = new SharedMemory()

  const read = async (bytes: Uint8Array): Promise<ReadPicture> => {
    requireArguments('read of a reader of pictures', { bytes: [bytesKind, bytes] })
    await prepared()
    const images = shared.take(shape[0] * shape[1] * shape[2])
    const targets = shared.take(1)
    try {
      const image = { path: '', name: 'a picture', label: 0, bytes: alone(bytes) }
      const { bad } = await pool.run({ rows: [{ sample: 0, image }], purpose: undefined, images, targets })
      const [fault] = bad
      return fault === undefined ? { image: new Float32Array(images) } : refusal(bytes, fault.reason)
    } finally {
      shared.give(images)
      shared.give(targets)
    }
  }

  return { workers: threads, read, dispose: () => pool.end(), [Symbol.asyncDispose]: () => pool.end() }
}

/** A part of memory would take all of it along to the other thread. */
const alone = (bytes: Uint8Array): Uint8Array =>
  bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes)

/** The decoder is set up in the thread that starts the others. */
async function prepared(): Promise<void> {
  const { prepareDecoder } = await import('./decode.js')
  prepareDecoder()
}

function refusal(bytes: Uint8Array, reason: string): ReadPicture {
  if (/exceeds pixel limit/.test(reason)) return { refused: 'size', reason }
  return { refused: kindOfFile('', () => bytes).kind === 'picture' ? 'damage' : 'format', reason }
}
