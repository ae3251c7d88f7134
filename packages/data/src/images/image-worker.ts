import { parentPort, workerData } from 'node:worker_threads'
import { finisherOf, mixBatch } from '../augment/index.js'
import { decodingReason, shortReason } from '../files/reason.js'
import { decodePart, readHeader } from './decode.js'
import type { BatchAnswer, BatchRequest, Row, WorkerStart } from './protocol.js'
import { readBytes } from './read-bytes.js'

/** Pictures in the making at once: one is decoded while another is read or finished. */
const inFlight = 2

const start: WorkerStart = workerData
const { shape, preprocessing, classes, limits } = start
const finisher = finisherOf(shape, preprocessing)
const size = shape[0] * shape[1] * shape[2]

async function fillRow({ sample, image }: Row, row: number, { purpose, images, targets }: BatchRequest): Promise<void> {
  const bytes = readBytes(image)
  const header = await readHeader(bytes, limits)
  const placement = finisher.placement(header, purpose, sample)
  const pixels = await decodePart(bytes, header, shape, placement, limits).catch((error: unknown) => {
    throw new Error(decodingReason(error))
  })
  finisher.finish(pixels, purpose, sample, images, row * size)
  targets[row * classes + image.label] = 1
}

async function answer(request: BatchRequest): Promise<BatchAnswer> {
  const { id, rows, purpose, images, targets } = request
  const bad: { row: number; reason: string }[] = []
  targets.fill(0)
  let next = 0
  const work = async (): Promise<void> => {
    while (next < rows.length) {
      const row = next++
      const wanted = rows[row]
      if (wanted === undefined) continue
      await fillRow(wanted, row, request).catch((error: unknown) => bad.push({ row, reason: shortReason(error) }))
    }
  }
  await Promise.all(Array.from({ length: inFlight }, work))
  const first = rows[0]
  if (bad.length === 0 && purpose?.training === true && first !== undefined) {
    mixBatch({ images, targets }, shape, preprocessing.augmentation ?? [], purpose, first.sample)
  }
  return { id, images, targets, bad: bad.sort((a, b) => a.row - b.row) }
}

parentPort?.on('message', (request: BatchRequest) => {
  const { id, images, targets } = request
  answer(request)
    .catch((error: unknown): BatchAnswer => ({ id, images, targets, bad: [], defect: String(error) }))
    .then((reply) => parentPort?.postMessage(reply, [reply.images.buffer, reply.targets.buffer]))
})
