import { timingSafeEqual } from 'node:crypto'
import type { RunRequest } from '@convzoo/run'
import { commonHeaders, faultOf, HttpFault } from '@convzoo/serve/http'
import { Hono } from 'hono'
import type { Page } from '../page/page.js'
import type { Broadcast } from './broadcast.js'

/** What the server answers with. */
interface AppOptions {
  readonly token: string
  /** Names and ports by which it is reached: a browser that was told another name for this machine is another's. */
  readonly hosts: () => readonly string[]
  readonly page: () => Promise<Page>
  readonly broadcast: Broadcast
  readonly ask: (request: RunRequest) => Promise<boolean>
  readonly onDefect: (error: unknown) => void
}

const requests = ['stop', 'checkpoint'] as const satisfies readonly RunRequest[]

/** The answers to all requests. */
export function appOf({ token, hosts, page, broadcast, ask, onDefect }: AppOptions) {
  const app = new Hono()
  app.use(async (context, next) => {
    requireOwn(context.req.raw, token, hosts())
    await next()
  })
  app.use(async (context, next) => {
    await next()
    for (const [name, value] of Object.entries(commonHeaders)) context.header(name, value)
  })
  app.get('/', async (context) => {
    const { html, policy } = await page()
    return context.html(html, 200, { 'Content-Security-Policy': `${policy}; frame-ancestors 'none'` })
  })
  app.get('/events', (context) =>
    context.body(streamOf(broadcast, context.req.raw.signal), 200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
    }),
  )
  for (const request of requests) {
    app.post(`/${request}`, async (context) => {
      if (!(await ask(request))) throw notGoing()
      return context.json({ asked: request })
    })
    app.all(`/${request}`, () => refuseMethod('POST'))
  }
  for (const path of ['/', '/events']) app.all(path, () => refuseMethod('GET, HEAD'))
  app.notFound(() => {
    throw new HttpFault(404, { kind: 'option', message: 'There is nothing at this address.', expected: '/' })
  })
  app.onError((error, context) => {
    if (!(error instanceof HttpFault)) onDefect(error)
    const { status, shown, headers } = faultOf(error)
    return context.json({ error: shown }, status, { ...commonHeaders, ...headers })
  })
  return app
}

/** @throws HttpFault unless it comes by a name of this machine, from no other page, and with the token. */
function requireOwn(request: Request, token: string, hosts: readonly string[]): void {
  const url = new URL(request.url)
  const host = request.headers.get('host') ?? ''
  if (!hosts.includes(host.toLowerCase()))
    throw refused('The page is not reached by this name.', `Host: ${hosts.join(' or ')}`)
  const origin = request.headers.get('origin')
  if (origin !== null && !hosts.some((each) => origin === `http://${each}`)) {
    throw refused('Another page asks.', 'a request of the page itself')
  }
  const given = Buffer.from(url.searchParams.get('token') ?? '')
  const wanted = Buffer.from(token)
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    throw refused('The address has no token, or another one.', 'the whole address that the command wrote')
  }
}

const refused = (message: string, expected: string): HttpFault =>
  new HttpFault(403, { kind: 'option', message, expected })

const notGoing = (): HttpFault =>
  new HttpFault(409, { kind: 'state', message: 'The run does not go on.', expected: 'a run that a process trains' })

function refuseMethod(allowed: string): never {
  throw new HttpFault(
    405,
    { kind: 'option', message: 'This address does not take requests of this kind.', expected: allowed },
    { Allow: allowed },
  )
}

/** Events as they come. A reader who does not keep up gets the newest ones when he does. */
function streamOf(broadcast: Broadcast, signal: AbortSignal): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const waiting = new Map<string, string>()
  let stop = (): void => undefined
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const close = (): void => {
        stop()
        try {
          controller.close()
        } catch {
          // It was closed by its reader.
        }
      }
      stop = broadcast.watch((event) => {
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(event))
        else waiting.set(event.slice(0, event.indexOf('\n')), event)
      }, close)
      signal.addEventListener('abort', close, { once: true })
    },
    pull(controller) {
      for (const [name, event] of waiting) {
        waiting.delete(name)
        controller.enqueue(encoder.encode(event))
      }
    },
    cancel: () => stop(),
  })
}
