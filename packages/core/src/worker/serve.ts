import type { Outputs } from '../contracts/index.js'
import { ConvzooError, internalError } from '../errors/index.js'
import { defineOptions, functionOf, requireArguments, text, withMethods } from '../options/index.js'
import { messageOf } from '../recognise/index.js'
import { buffersOf } from './buffers.js'
import type { Answer, Arrays, Request } from './protocol.js'

/**
 * A compiled program at the worker's end. What it does may take time: state may live on a device, from which it comes when the device is done.
 * Nothing else is asked for meanwhile.
 */
export interface Host {
  /** What it runs on, in one line. */
  readonly description: string
  /** Computes a function and commits its assignments, all or none. The outputs' arrays are given away. */
  run(name: string, inputs: Arrays): Outputs | Promise<Outputs>
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

/** Answers what comes in at `port`, one request after another: a request is taken up when the one before it has been answered. */
export function serve<Start>(port: WorkerPort<Start>, options: ServeOptions<Start>): void {
  requireArguments('serve', { port: [withMethods<WorkerPort<Start>>('a MessagePort', 'postMessage', 'on'), port] })
  const { runtime } = serveOptions.parse('serve', options)
  const { start } = options
  let host: Host | undefined

  const answer = async (request: Request<Start>): Promise<Answer> => {
    if (request.type === 'start') {
      host = await start(request.start)
      return { type: 'started', description: host.description }
    }
    if (host === undefined) throw internalError('The worker was asked before it was started.')
    switch (request.type) {
      case 'run':
        return { type: 'ran', outputs: await host.run(request.name, request.inputs), inputs: request.inputs }
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

  let previous: Promise<void> = Promise.resolve()
  port.on('message', (request) => {
    previous = previous.then(async () => {
      const reply = await answer(request).catch(failure)
      port.postMessage(reply, transferred(reply))
    })
  })
}

function transferred(reply: Answer): ArrayBuffer[] {
  if (reply.type === 'ran') return [...buffersOf(reply.outputs), ...buffersOf(reply.inputs)]
  return reply.type === 'read' ? buffersOf({ data: reply.data }) : []
}
