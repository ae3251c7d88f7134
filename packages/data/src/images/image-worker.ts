import { parentPort, workerData } from 'node:worker_threads'
import type { Pixels } from '../augment/image.js'
import { finisherOf, mixBatch, type Sight } from '../augment/index.js'
import type { Keeping } from '../cache/kept-picture.js'
import { pictureCacheOf } from '../cache/picture-cache.js'
import { decodingReason, shortReason } from '../files/reason.js'
import { decodePart, decodePassing, decodeWhole, passingPart, readHeader } from './decode.js'
import type { DecodeLimits, Header } from './header.js'
import type { BatchAnswer, BatchRequest, Row, WorkerStart } from './protocol.js'
import { readBytes, readPassingBytes } from './read-bytes.js'

/** Pictures in the making at once: one is decoded while another is read or finished. */
const inFlight = 2

const start: WorkerStart = workerData
const { shape, preprocessing, classes } = start
const finisher = finisherOf(shape, preprocessing)
const cache = start.cache === undefined ? undefined : pictureCacheOf(start.cache)
const size = shape[0] * shape[1] * shape[2]

/** What is to be known of a picture that was seen. */
interface Seen extends Keeping {
  readonly header?: Header
}

type Purpose = BatchRequest['purpose']

const limitsFor = (purpose: Purpose): DecodeLimits =>
  finisher.isExact(purpose) ? { ...start.limits, shrinkOnLoad: false } : start.limits

/** Takes what is seen of a picture, at once: its memory may be used again. */
type Use = (sight: Sight) => void

function see(wanted: Row, purpose: Purpose, use: Use): Promise<Seen> {
  return cache === undefined ? seeDecoded(wanted, purpose, use) : seeCached(wanted, purpose, use, cache)
}

async function seeDecoded(wanted: Row, purpose: Purpose, use: Use): Promise<Seen> {
  const { header } = wanted
  const passing = readPassingBytes(wanted.image)
  if (header !== undefined && isSeenAtOnce(header, passing, wanted, purpose, use)) return { header }
  // Others decode it while the next one is read.
  const bytes = Buffer.from(passing)
  if (header !== undefined) {
    // The file may have changed since: then its header is read again.
    const seen = await seeBy(header, bytes, wanted, purpose, use).catch(() => undefined)
    if (seen !== undefined) return seen
  }
  return seeBy(await readHeader(bytes, start.limits), bytes, wanted, purpose, use)
}

function isSeenAtOnce(header: Header, bytes: Buffer, { sample }: Row, purpose: Purpose, use: Use): boolean {
  const sight = decodePassing(bytes, header, shape, finisher.placement(header, purpose, sample), limitsFor(purpose))
  if (sight !== undefined) use(sight)
  return sight !== undefined
}

async function seeBy(header: Header, bytes: Buffer, { sample }: Row, purpose: Purpose, use: Use): Promise<Seen> {
  const placement = finisher.placement(header, purpose, sample)
  const sight = await decodePart(bytes, header, shape, placement, limitsFor(purpose)).catch((error: unknown) => {
    throw new Error(decodingReason(error))
  })
  use(sight)
  return { header }
}

async function seeCached(wanted: Row, purpose: Purpose, use: Use, pictures: NonNullable<typeof cache>): Promise<Seen> {
  const { sample, image } = wanted
  const form = finisher.form(purpose)
  const useOf = (picture: Pixels, more: Seen): Seen => {
    const seen = finisher.placement(picture, purpose, sample)
    use(form === 'full' ? passingPart(picture, shape, seen) : { data: picture.data, given: picture.channels, seen })
    return more
  }
  if (wanted.picture !== undefined) return useOf(wanted.picture, {})
  const place = pictures.place(image, form)
  if (place.found !== undefined) return useOf(place.found, {})
  const bytes = readBytes(image)
  // Never a header of before: what is kept must be right.
  const header = await readHeader(bytes, start.limits)
  const wholeSize = finisher.sizeIn(form, header)
  const parts = form === 'full' ? ([wholeSize.height, wholeSize.width, shape[2]] as const) : shape
  const whole = await decodeWhole(bytes, header, parts, wholeSize, limitsFor(purpose)).catch(() => undefined)
  // What is seen may be whole where the picture is not.
  if (whole === undefined) return seeBy(header, bytes, wanted, purpose, use)
  return useOf(whole, place.keep(whole))
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
        const seen = await see(wanted, purpose, (sight) =>
          finisher.finish(sight, purpose, wanted.sample, images, row * size),
        )
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
