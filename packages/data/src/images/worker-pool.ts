import { Worker } from 'node:worker_threads'
import { internalError } from '@convzoo/core/define'
import { ownFile } from '@convzoo/files'
import type { BatchAnswer, BatchRequest, WorkerStart } from './protocol.js'

interface Waiting {
  readonly request: Omit<BatchRequest, 'id'>
  readonly resolve: (answer: BatchAnswer) => void
  readonly reject: (error: Error) => void
}

interface Lane {
  readonly worker: Worker
  waiting: Waiting | undefined
}

/**
 * Worker threads that make batches, each one at a time. They are started with the first batch, keep no process alive while idle, and
 * fill memory that is shared.
 */
export class WorkerPool {
  readonly #start: () => WorkerStart
  readonly #size: number
  readonly #lanes: Lane[] = []
  readonly #queue: Waiting[] = []
  #ended = false

  constructor(start: () => WorkerStart, size: number) {
    this.#start = start
    this.#size = size
  }

  run(request: Omit<BatchRequest, 'id'>): Promise<BatchAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#ended) {
        reject(internalError('A dataset was asked for a batch after it was disposed of.'))
        return
      }
      this.#queue.push({ request, resolve, reject })
      this.#next()
    })
  }

  async end(): Promise<void> {
    this.#ended = true
    await Promise.all(this.#lanes.splice(0).map(({ worker }) => worker.terminate()))
  }

  #next(): void {
    const lane = this.#lanes.find(({ waiting }) => waiting === undefined) ?? this.#begin()
    const waiting = lane === undefined ? undefined : this.#queue.shift()
    if (lane === undefined || waiting === undefined) return
    lane.waiting = waiting
    lane.worker.ref()
    lane.worker.postMessage({ ...waiting.request, id: 0 })
  }

  #begin(): Lane | undefined {
    if (this.#lanes.length >= this.#size || this.#queue.length === 0) return undefined
    const worker = new Worker(ownFile('image-worker.js', { packageName: '@convzoo/data', from: import.meta.url }), {
      workerData: this.#start(),
    })
    const lane: Lane = { worker, waiting: undefined }
    const settle = (how: (waiting: Waiting) => void): void => {
      const { waiting } = lane
      lane.waiting = undefined
      worker.unref()
      if (waiting !== undefined) how(waiting)
    }
    const lost = (reason: string): void => {
      const place = this.#lanes.indexOf(lane)
      if (place >= 0) this.#lanes.splice(place, 1)
      settle(({ request, reject }) => {
        const names = request.rows.map(({ image }) => image.name).join(', ')
        reject(internalError(`A worker thread that decodes images ended (${reason}) while it read ${names}.`))
      })
    }
    worker.on('message', (answer: BatchAnswer) => {
      settle(({ resolve, reject }) => {
        if (answer.defect === undefined) resolve(answer)
        else reject(internalError(`A batch could not be made: ${answer.defect}`))
      })
      this.#next()
    })
    worker.on('error', (error) => lost(error.message))
    worker.on('exit', (code) => lost(`code ${code}`))
    this.#lanes.push(lane)
    return lane
  }
}
