import { createServer, type Server, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { ConvzooError } from '@convzoo/core'
import { isOptionsObject, matching, printable, requireArguments } from '@convzoo/core/define'
import { codeOf, reasonOf } from '@convzoo/files'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import type { Hono } from 'hono'
import { placeOptions, type ServeOptions } from '../options.js'
import { HttpFault, type ShownError } from './faults.js'
import { UnderWay } from './under-way.js'

/** Connections at once; more are not taken. */
const mostConnections = 1024

/** Milliseconds: between looks at how long requests take, and that an idle connection is kept. */
const lookEvery = 1000
const keptIdle = 5000

/** Milliseconds that requests are waited for that have not come whole when the server is closed. */
const lastWait = 3000

type App = Pick<Hono<{ readonly Bindings: HttpBindings }>, 'fetch'>

const appKind = matching(
  'an application of hono, with a method "fetch"',
  (value): value is App => isOptionsObject(value) && typeof Reflect.get(value, 'fetch') === 'function',
)

export interface Listening {
  readonly url: string
  /** Answers what has come, then ends. `hurry` is called when it has waited for the rest long enough. */
  close(hurry: () => void): Promise<void>
}

/**
 * Listens for requests. Slow ones and such as are none are ended here.
 *
 * @throws ConvzooError of kind `option` if the address cannot be taken, or for a bad option.
 */
export async function listen(app: App, given: Pick<ServeOptions, 'host' | 'port' | 'timeout'>): Promise<Listening> {
  requireArguments('listen', { app: [appKind, app] })
  const { host, port, timeout } = placeOptions.parse('listen', given)
  const milliseconds = Math.ceil(1000 * timeout)
  const options = {
    requestTimeout: milliseconds,
    headersTimeout: milliseconds,
    connectionsCheckingInterval: Math.min(lookEvery, milliseconds),
    keepAliveTimeout: keptIdle,
  }
  const answer = getRequestListener((request, env) => app.fetch(request, env), {
    // The process may have others of its own.
    overrideGlobalObjects: false,
    errorHandler: () => Response.json({ error: unreadable('an address that cannot be read').shown }, { status: 400 }),
  })
  const server = createServer(options, answer)
  server.maxConnections = mostConnections
  server.on('clientError', (error, socket) => end(socket, faultOfConnection(error)))
  const underWay = new UnderWay(server)
  await listening(server, host, port)
  // What fails later is one connection, not the server.
  server.on('error', () => undefined)
  return {
    url: addressOf(server, host),
    async close(hurry) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      const timer = setTimeout(() => {
        hurry()
        server.closeIdleConnections()
      }, lastWait)
      await underWay.ended()
      clearTimeout(timer)
      server.closeAllConnections()
      await closed
    },
  }
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error): void => reject(unavailable(error, host, port))
    server.once('error', onError)
    server.listen(port, host, () => {
      server.off('error', onError)
      resolve()
    })
  })
}

function unavailable(error: Error, host: string, port: number): ConvzooError {
  const code = codeOf(error)
  const place = `port ${port} of ${printable(host, 200)}`
  const shared = { kind: 'option', cause: error } as const
  if (code === 'EADDRINUSE') {
    return new ConvzooError({
      ...shared,
      message: `Another program listens at ${place}.`,
      expected: 'a port that is free',
      received: `port ${port}`,
      hint: 'choose another one, or 0, which takes any that is free',
    })
  }
  return new ConvzooError({
    ...shared,
    message: `It is not possible to listen at ${place}.`,
    expected:
      code === 'EACCES'
        ? 'a port that you may use, such as 8080'
        : 'an address of this machine, such as 127.0.0.1 or 0.0.0.0',
    received: reasonOf(error),
  })
}

function addressOf(server: Server, host: string): string {
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}/`
}

const unreadable = (received: string): HttpFault =>
  new HttpFault(400, { kind: 'data', message: 'The request cannot be read.', expected: 'HTTP/1.1', received })

/** A connection on which no request came that could be answered as others are. */
function faultOfConnection(error: Error): HttpFault {
  const code = codeOf(error)
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new HttpFault(408, { kind: 'data', message: 'The request took too long to come.' })
  }
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new HttpFault(431, { kind: 'data', message: 'The headers of the request are too large.' })
  }
  return unreadable(printable(code ?? 'something else', 100))
}

function end(socket: Duplex, { status, shown }: HttpFault): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  socket.end(responseText(status, shown), () => socket.destroy())
}

function responseText(status: number, error: ShownError): string {
  const body = JSON.stringify({ error })
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}
