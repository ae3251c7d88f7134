import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { pageOf, pageStyle } from '../page/page.js'
import { faultOf, HttpFault } from './faults.js'
import { commonHeaders } from './headers.js'
import { type Parts, predict } from './predict.js'

type Env = { readonly Bindings: HttpBindings }

/** What a page may do: load its own script and style, show photographs that it was given, and ask this server. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

interface AppOptions extends Parts {
  /** The page's program, as JavaScript. */
  readonly pageScript: string
  /** Told of defects of ours, which clients are not told. */
  readonly onDefect: (error: unknown) => void
}

/** The answers to all requests. */
export function appOf({ pageScript, onDefect, ...parts }: AppOptions): Hono<Env> {
  const { network, house } = parts
  const page = pageOf(network)
  const app = new Hono<Env>()
  app.use(async (context, next) => {
    await next()
    for (const [name, value] of Object.entries(commonHeaders)) context.header(name, value)
  })
  app.get('/', (context) => context.html(page, 200, { 'Content-Security-Policy': policy }))
  app.get('/page.js', (context) => context.body(pageScript, 200, { 'Content-Type': 'text/javascript; charset=utf-8' }))
  app.get('/page.css', (context) => context.body(pageStyle, 200, { 'Content-Type': 'text/css; charset=utf-8' }))
  app.get('/health', (context) =>
    context.json({
      status: 'ok',
      network: network.id,
      input: network.imageShape,
      classes: network.classes.length,
      pictures: house.pictures,
    }),
  )
  app.post('/predict', async (context) =>
    context.json(await predict(context.env.incoming, new URL(context.req.url).searchParams, parts)),
  )
  for (const path of ['/', '/page.js', '/page.css', '/health']) app.all(path, () => refuseMethod('GET, HEAD'))
  app.all('/predict', () => refuseMethod('POST'))
  app.notFound(() => {
    throw new HttpFault(404, {
      kind: 'option',
      message: 'There is nothing at this address.',
      expected: '/, /health or /predict',
    })
  })
  app.onError((error, context) => {
    if (!(error instanceof HttpFault)) onDefect(error)
    const { status, shown, headers } = faultOf(error)
    return context.json({ error: shown }, status, { ...headers })
  })
  return app
}

function refuseMethod(allowed: string): never {
  throw new HttpFault(
    405,
    { kind: 'option', message: 'This address does not take requests of this kind.', expected: allowed },
    { Allow: allowed },
  )
}
