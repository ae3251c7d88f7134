import type { Outputs } from '../contracts/index.js'
import { ConvzooError, internalError } from '../errors/index.js'
import { defineOptions, functionOf, requireArguments, text, withMethods } from '../options/index.js'
import { messageOf } from '../recognise/index.js'
import { buffersOf } from './buffers.js'
import type { Answer, Arrays, Request } from './protocol.js'

/**
 * A compiled program at the worker's end. What it does may take time: state may live on a device, from which it comes when the device is done.
 * Nothing else is asked for meanwhile, but `runAfter`.
 */
export interface Host {
  /** What it runs on, in one line. */
  readonly description: string
  /** Computes a function and commits its assignments, all or none. The outputs' arrays are given away. */
  run(name: string, inputs: Arrays): Outputs | Promise<Outputs>
  /** That of an executable, asked for while calls before it are under way. */
  runAfter?(name: string, inputs: Arrays): Promise<Outputs | undefined>
  /** A copy of a state tensor. */
  read(name: string): Float32Array | Promise<Float32Array>
  /** Puts a value for a state tensor aside; `commit` makes all of them current, `discard` forgets them. */
  stage(name: string, data: Float32Array): void | Promise<void>
  commit(): void | Promise<void>
  discard(): void | Promise<void>
  stop(): void | Promise<void>
}

export interface ServeOptions<Start> {
  /** What runs here, for messages: `ONNX Runtime`. */
  readonly runtime: string
  readonly start: (start: Start) => Host | Promise<Host>
}

const serveOptions = defineOptions({ runtime: text, start: functionOf() })

/** The worker's end of a channel. */
interface WorkerPort<Start> {
  postMessage(message: unknown, transfer: readonly ArrayBuffer[]): void
  on(event: 'message', listener: (message: Request<Start>) => void): unknown
}

/**
 * Answers what comes in at `port`, one request after another: a request is taken up when the one before it has been answered. A call after another
 * call alone is taken up at once, once that has been.
 */
export function serve<Start>(port: WorkerPort<Start>, options: ServeOptions<Start>): void {
  requireArguments('serve', { port: [withMethods<WorkerPort<Start>>('a MessagePort', 'postMessage', 'on'), port] })
  const { runtime } = serveOptions.parse('serve', options)
  const { start } = options
  let host: Host | undefined

  const answer = async (request: Request<Start>): Promise<Answer> => {
    if (request.type === 'start') {
      host = await start(request.start)
      return { type: 'started', description: host.description, after: host.runAfter !== undefined }
    }
    if (host === undefined) throw internalError('The worker was asked before it was started.')
    switch (request.type) {
      case 'run': {
        const { name, inputs, after } = request
        const outputs = await (after ? host.runAfter?.(name, inputs) : host.run(name, inputs))
        return outputs === undefined
          ? { type: 'ran', outputs: {}, inputs, undone: true }
          : { type: 'ran', outputs, inputs }
      }
      case 'read':
        return { type: 'read', data: await host.read(request.name) }
      case 'stage':
        await host.stage(request.name, request.data)
        return { type: 'done' }
      case 'commit':
        await host.commit()
        return { type: 'done' }
      case 'discard':
        await host.discard()
        return { type: 'done' }
      case 'stop':
        await host.stop()
        host = undefined
        return { type: 'done' }
    }
  }

  const failure = (error: unknown): Answer => ({
    type: 'failed',
    error: ConvzooError.isInstance(error)
      ? error.toFields()
      : {
          kind: 'engine',
          message: `${runtime} failed.`,
          received: messageOf(error),
        },
  })

  let taken: Promise<unknown> = Promise.resolve()
  let answered: Promise<unknown> = taken
  let last: Request<Start>['type'] | undefined
  port.on('message', (request) => {
    const isAfter = request.type === 'run' && request.after === true && last === 'run'
    last = request.type
    const before = answered
    let reply: Promise<Answer> | undefined
    taken = (isAfter ? taken : before).then(() => {
      reply = answer(request).catch(failure)
    })
    answered = taken.then(async () => {
      await before
      const given = await reply
      if (given !== undefined) port.postMessage(given, transferred(given))
    })
  })
}

function transferred(reply: Answer): ArrayBuffer[] {
  if (reply.type === 'ran') return [...buffersOf(reply.outputs), ...buffersOf(reply.inputs)]
  return reply.type === 'read' ? buffersOf({ data: reply.data }) : []
}
