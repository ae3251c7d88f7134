import { parentPort, workerData } from 'node:worker_threads'
import { finisherOf, mixBatch } from '../augment/index.js'
import { decodingReason, shortReason } from '../files/reason.js'
import { decodePart, type Header, readHeader } from './decode.js'
import type { BatchAnswer, BatchRequest, Row, WorkerStart } from './protocol.js'
import { readBytes } from './read-bytes.js'

/** Pictures in the making at once: one is decoded while another is read or finished. */
const inFlight = 2

const start: WorkerStart = workerData
const { shape, preprocessing, classes, limits } = start
const finisher = finisherOf(shape, preprocessing)
const size = shape[0] * shape[1] * shape[2]

async function fillRow(wanted: Row, row: number, request: BatchRequest): Promise<Header> {
  const bytes = readBytes(wanted.image)
  const { header } = wanted
  if (header !== undefined) {
    // The file may have changed since: then its header is read again.
    const filled = await fillFrom(bytes, header, wanted, row, request).catch(() => undefined)
    if (filled !== undefined) return filled
  }
  return fillFrom(bytes, await readHeader(bytes, limits), wanted, row, request)
}

async function fillFrom(
  bytes: Buffer,
  header: Header,
  { sample, image }: Row,
  row: number,
  { purpose, images, targets }: BatchRequest,
): Promise<Header> {
  const placement = finisher.placement(header, purpose, sample)
  const pixels = await decodePart(bytes, header, shape, placement, limits).catch((error: unknown) => {
    throw new Error(decodingReason(error))
  })
  finisher.finish(pixels, purpose, sample, images, row * size)
  targets[row * classes + image.label] = 1
  return header
}

async function answer(request: BatchRequest): Promise<BatchAnswer> {
  const { id, rows, purpose, images, targets } = request
  const bad: { row: number; reason: string }[] = []
  const headers: (Header | undefined)[] = rows.map(() => undefined)
  targets.fill(0)
  let next = 0
  const work = async (): Promise<void> => {
    while (next < rows.length) {
      const row = next++
      const wanted = rows[row]
      if (wanted === undefined) continue
      try {
        headers[row] = await fillRow(wanted, row, request)
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
  return { id, images, targets, headers, bad: bad.sort((a, b) => a.row - b.row) }
}

parentPort?.on('message', (request: BatchRequest) => {
  const { id, images, targets } = request
  answer(request)
    .catch((error: unknown): BatchAnswer => ({ id, images, targets, headers: [], bad: [], defect: String(error) }))
    .then((reply) => parentPort?.postMessage(reply, [reply.images.buffer, reply.targets.buffer]))
})
