import { Worker } from 'node:worker_threads'
import { ConvzooError, internalError } from '@convzoo/core'
import type { Answer, Request } from './protocol.js'

interface Waiting {
  resolve(answer: Answer): void
  reject(error: Error): void
}

/** The main thread's end of the worker: requests are answered in their order, and an idle worker keeps no process alive. */
export class WorkerClient {
  readonly #worker: Worker
  readonly #waiting: Waiting[] = []
  #gone: Error | undefined

  constructor() {
    this.#worker = new Worker(new URL('./worker.js', import.meta.url))
    this.#worker.unref()
    this.#worker.on('message', (answer: Answer) => this.#settle((waiting) => waiting.resolve(answer)))
    this.#worker.on('error', (error) => this.#fail(error))
    this.#worker.on('exit', (code) => this.#fail(new Error(`the worker thread ended with code ${code}`)))
  }

  /**
   * Sends a request and waits for its answer.
   *
   * @throws ConvzooError of kind `engine` if the runtime is missing or fails.
   */
  async ask<T extends Answer['type']>(
    request: Request,
    expected: T,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<Extract<Answer, { readonly type: T }>> {
    if (this.#gone !== undefined) throw runtimeFailed(this.#gone.message)
    const reply = await new Promise<Answer>((resolve, reject) => {
      if (this.#waiting.length === 0) this.#worker.ref()
      this.#waiting.push({ resolve, reject })
      this.#worker.postMessage(request, transfer)
    })
    if (reply.type === 'failed')
      throw reply.missingRuntime ? runtimeMissing(reply.message) : runtimeFailed(reply.message)
    if (!isAnswer(reply, expected)) throw internalError(`The worker answered ${reply.type} instead of ${expected}.`)
    return reply
  }

  async end(): Promise<void> {
    this.#gone ??= new Error('it has been disposed of')
    await this.#worker.terminate()
  }

  #settle(how: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.shift()
    if (this.#waiting.length === 0) this.#worker.unref()
    if (waiting !== undefined) how(waiting)
  }

  #fail(error: Error): void {
    this.#gone ??= error
    while (this.#waiting.length > 0) this.#settle((waiting) => waiting.reject(runtimeFailed(error.message)))
  }
}

function isAnswer<T extends Answer['type']>(answer: Answer, type: T): answer is Extract<Answer, { readonly type: T }> {
  return answer.type === type
}

function runtimeMissing(reason: string): ConvzooError {
  return new ConvzooError({
    kind: 'engine',
    message: 'onnxruntime-node could not be loaded.',
    expected: 'the package onnxruntime-node for this platform',
    received: reason,
    mend: 'install it again: ONNXRUNTIME_NODE_INSTALL=skip npm install onnxruntime-node',
  })
}

function runtimeFailed(reason: string): ConvzooError {
  return new ConvzooError({ kind: 'engine', message: 'ONNX Runtime failed.', received: reason })
}
