import { parentPort, workerData } from 'node:worker_threads'
import type { Pixels } from '../augment/image.js'
import { finisherOf, mixBatch, type Sight } from '../augment/index.js'
import type { Keeping } from '../cache/kept-picture.js'
import { pictureCacheOf } from '../cache/picture-cache.js'
import { decodingReason, shortReason } from '../files/reason.js'
import { decodePart, decodeWhole, readHeader, resizePart } from './decode.js'
import type { Header } from './header.js'
import type { BatchAnswer, BatchRequest, Row, WorkerStart } from './protocol.js'
import { readBytes } from './read-bytes.js'

/** Pictures in the making at once: one is decoded while another is read or finished. */
const inFlight = 2

const start: WorkerStart = workerData
const { shape, preprocessing, classes, limits } = start
const finisher = finisherOf(shape, preprocessing)
const cache = start.cache === undefined ? undefined : pictureCacheOf(start.cache)
const size = shape[0] * shape[1] * shape[2]

/** What is seen of a picture, and what else is to be known of it. */
interface Seen extends Keeping {
  readonly sight: Sight
  readonly header?: Header
}

type Purpose = BatchRequest['purpose']

function seenOf(wanted: Row, purpose: Purpose): Promise<Seen> {
  return cache === undefined ? decoded(wanted, purpose) : cached(wanted, purpose, cache)
}

async function decoded(wanted: Row, purpose: Purpose): Promise<Seen> {
  const bytes = readBytes(wanted.image)
  const { header } = wanted
  if (header !== undefined) {
    // The file may have changed since: then its header is read again.
    const seen = await decodedBy(header, bytes, wanted, purpose).catch(() => undefined)
    if (seen !== undefined) return seen
  }
  return decodedBy(await readHeader(bytes, limits), bytes, wanted, purpose)
}

async function decodedBy(header: Header, bytes: Buffer, { sample }: Row, purpose: Purpose): Promise<Seen> {
  const placement = finisher.placement(header, purpose, sample)
  const sight = await decodePart(bytes, header, shape, placement, limits).catch((error: unknown) => {
    throw new Error(decodingReason(error))
  })
  return { sight, header }
}

async function cached(wanted: Row, purpose: Purpose, pictures: NonNullable<typeof cache>): Promise<Seen> {
  const { sample, image } = wanted
  const form = finisher.form(purpose)
  const seenIn = (picture: Pixels): Sight => {
    const seen = finisher.placement(picture, purpose, sample)
    if (form === 'full') return resizePart(picture, shape, seen)
    return { data: picture.data, given: picture.channels, seen }
  }
  if (wanted.picture !== undefined) return { sight: seenIn(wanted.picture) }
  const place = pictures.place(image, form)
  if (place.found !== undefined) return { sight: seenIn(place.found) }
  const bytes = readBytes(image)
  // Never a header of before: what is kept must be right.
  const header = await readHeader(bytes, limits)
  const wholeSize = finisher.sizeIn(form, header)
  const parts = form === 'full' ? ([wholeSize.height, wholeSize.width, shape[2]] as const) : shape
  const whole = await decodeWhole(bytes, header, parts, wholeSize, limits).catch(() => undefined)
  // What is seen may be whole where the picture is not.
  if (whole === undefined) return decodedBy(header, bytes, wanted, purpose)
  return { sight: seenIn(whole), ...place.keep(whole) }
}

async function answer(request: BatchRequest): Promise<BatchAnswer> {
  const { id, rows, purpose, images, targets } = request
  const bad: { row: number; reason: string }[] = []
  const headers: (Header | undefined)[] = rows.map(() => undefined)
  const pictures: (Pixels | undefined)[] = rows.map(() => undefined)
  let isFull = false
  let trouble: string | undefined
  targets.fill(0)
  let next = 0
  const work = async (): Promise<void> => {
    while (next < rows.length) {
      const row = next++
      const wanted = rows[row]
      if (wanted === undefined) continue
      try {
        const seen = await seenOf(wanted, purpose)
        finisher.finish(seen.sight, purpose, wanted.sample, images, row * size)
        targets[row * classes + wanted.image.label] = 1
        headers[row] = seen.header
        pictures[row] = seen.shared
        isFull ||= seen.isFull === true
        trouble ??= seen.trouble
      } catch (error) {
        bad.push({ row, reason: shortReason(error) })
      }
    }
  }
  await Promise.all(Array.from({ length: inFlight }, work))
  const first = rows[0]
  if (bad.length === 0 && purpose?.training === true && first !== undefined) {
    mixBatch({ images, targets }, shape, preprocessing.augmentation ?? [], purpose, first.sample)
  }
  return { id, headers, pictures, isFull, trouble, bad: bad.sort((a, b) => a.row - b.row) }
}

parentPort?.on('message', (request: BatchRequest) => {
  answer(request)
    .catch((error: unknown): BatchAnswer => defect(request, error))
    .then((reply) => parentPort?.postMessage(reply))
})

function defect({ id }: BatchRequest, error: unknown): BatchAnswer {
  return {
    id,
    headers: [],
    pictures: [],
    isFull: false,
    trouble: undefined,
    bad: [],
    defect: String(error),
  }
}
