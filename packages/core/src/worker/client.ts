import { ConvzooError, internalError } from '../errors/index.js'
import { isOptionsObject, matching, requireArguments, text, withMethods } from '../options/index.js'
import type { Answer, Request } from './protocol.js'

/** One end of a way to a worker thread: Node's `Worker` and `MessagePort` are of this form. */
export interface Channel {
  postMessage(message: unknown, transfer: readonly ArrayBuffer[]): void
  on(event: 'message', listener: (message: Answer) => void): unknown
  /** While referenced, the channel keeps the process alive. */
  ref(): void
  unref(): void
}

const channelKind = withMethods<Channel>('a Worker or a MessagePort', 'postMessage', 'on', 'ref', 'unref')
const requestKind = matching(
  'a request, { type, … }',
  (given): given is Request => isOptionsObject(given) && 'type' in given,
)

interface Waiting {
  resolve(answer: Answer): void
  reject(error: Error): void
}

/** The caller's end: requests are answered in their order, and an idle worker keeps no process alive. */
export class WorkerClient {
  readonly #waiting: Waiting[] = []
  #gone: ConvzooError | undefined

  /** @param runtime What runs at the other end, for messages: `ONNX Runtime`. */
  constructor(
    readonly channel: Channel,
    readonly runtime: string,
  ) {
    requireArguments('WorkerClient', { channel: [channelKind, channel], runtime: [text, runtime] })
    channel.on('message', (answer) => this.#settle((waiting) => waiting.resolve(answer)))
    // Only now: listening references a channel.
    channel.unref()
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
    requireArguments('WorkerClient.ask', { request: [requestKind, request], expected: [text, expected] })
    if (this.#gone !== undefined) throw this.#gone
    const reply = await new Promise<Answer>((resolve, reject) => {
      if (this.#waiting.length === 0) this.channel.ref()
      this.#waiting.push({ resolve, reject })
      this.channel.postMessage(request, transfer)
    })
    if (reply.type === 'failed') throw new ConvzooError(reply.error)
    if (!isAnswer(reply, expected)) throw internalError(`The worker answered ${reply.type} instead of ${expected}.`)
    return reply
  }

  /** The worker is no more: what waits and what is asked from now on fails. The first reason stands. */
  fail(reason: string): void {
    requireArguments('WorkerClient.fail', { reason: [text, reason] })
    this.#gone ??= new ConvzooError({ kind: 'engine', message: `${this.runtime} is not running.`, received: reason })
    const gone = this.#gone
    while (this.#waiting.length > 0) this.#settle((waiting) => waiting.reject(gone))
  }

  #settle(how: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.shift()
    if (this.#waiting.length === 0) this.channel.unref()
    if (waiting !== undefined) how(waiting)
  }
}

function isAnswer<T extends Answer['type']>(answer: Answer, type: T): answer is Extract<Answer, { readonly type: T }> {
  return answer.type === type
}
