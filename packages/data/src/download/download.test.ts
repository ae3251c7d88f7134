import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createSocket, type Socket } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../testing/folders.js'
import { download } from './download.js'
import { fetchCached } from './fetch-cached.js'

const folder = temporaryFolder(afterAll)
let count = 0
let target = ''
const endings: (() => void)[] = []

beforeEach(() => {
  target = join(folder, `${count++}`)
  mkdirSync(target)
  process.env.CONVZOO_CACHE = target
})
afterEach(() => {
  for (const end of endings.splice(0)) end()
})

/** A server that answers every address so; its address. */
async function serving(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  endings.push(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/file.tar`
}

/** A server that says these bytes, whoever asks for what, and does not end. */
async function saying(say: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createSocket((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('data', () => say(socket))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  endings.push(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/file.tar`
}

const patience = { silence: 1000, window: 500, leastBytes: 100 }
const fetched = async (url: string, maxBytes = 2 ** 20): Promise<string> => {
  await download(url, { path: join(target, 'file'), maxBytes, patience })
  return readFileSync(join(target, 'file'), 'utf8')
}

/** Writes something again and again, until the other side has gone. */
function dripping(write: () => void, closed: { once(event: 'close', end: () => void): unknown }): void {
  const timer = setInterval(write, 20)
  closed.once('close', () => clearInterval(timer))
}

describe('a server', () => {
  it.each([
    [
      'drips a few bytes',
      (response: ServerResponse) => response.write('x'),
      /only \d+ bytes in 0\.5 s; given up after [\d.]+ s/,
    ],
    ['says nothing more', () => undefined, /(?:no byte for 1 s|only 0 bytes in 0\.5 s); given up after [\d.]+ s/],
  ])('that %s is given up, and how long it was waited for is said', async (_, write, reason) => {
    const url = await serving((_request, response) => {
      response.writeHead(200)
      response.flushHeaders()
      dripping(() => write(response), response)
    })
    await expect(fetched(url)).rejects.toMatchObject({
      kind: 'file',
      sentence: `${url} cannot be fetched.`,
      received: expect.stringMatching(reason),
    })
    expect(readdirSync(target)).toEqual([])
  })

  it('that is slow, but not too slow, is waited for', async () => {
    const url = await serving((_request, response) => {
      response.writeHead(200)
      let pieces = 0
      const timer = setInterval(() => {
        response.write('x'.repeat(50))
        if (++pieces === 40) {
          clearInterval(timer)
          response.end()
        }
      }, 20)
    })
    expect((await fetched(url)).length).toBe(2000)
  })

  it.each([
    ['never answers', () => undefined, /no answer for 1 s/],
    ['drips headers', (socket: Socket) => dripping(() => socket.write('x-a: b\r\n'), socket), /no answer for 1 s/],
    [
      'sends headers without an end',
      (socket: Socket) => {
        const fill = (): void => {
          while (!socket.destroyed && socket.write(`x-a: ${'b'.repeat(1000)}\r\n`));
        }
        socket.on('drain', fill)
        fill()
      },
      /header/i,
    ],
  ])('that %s is given up', async (_, say, reason) => {
    const url = await saying((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n')
      say(socket)
    })
    await expect(fetched(url)).rejects.toMatchObject({ kind: 'file', received: expect.stringMatching(reason) })
  })

  it.each([
    ['fewer bytes than it says', 'content-length: 100', 'x'.repeat(50), /./],
    ['a length that is none', 'content-length: -5', 'x', /./],
    ['no HTTP', 'nonsense', 'x', /./],
  ])('that sends %s is refused by its address', async (_, header, body, reason) => {
    const url = await saying((socket) => socket.end(`HTTP/1.1 200 OK\r\n${header}\r\n\r\n${body}`))
    await expect(fetched(url)).rejects.toMatchObject({
      kind: 'file',
      sentence: `${url} cannot be fetched.`,
      received: expect.stringMatching(reason),
    })
    expect(readdirSync(target)).toEqual([])
  })

  it('is not read further than it says, nor than is allowed', async () => {
    const long = await saying((socket) => socket.end(`HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\n${'x'.repeat(99)}`))
    expect((await fetched(long).catch(() => 'xxx')).length).toBe(3)
    const endless = await serving((_request, response) => {
      const fill = (): void => {
        while (!response.destroyed && response.write('x'.repeat(1000)));
      }
      response.on('drain', fill)
      fill()
    })
    await expect(fetched(endless, 5000)).rejects.toMatchObject({ received: 'more than 5000 bytes' })
  })

  it('that leads in a circle, or from one address to the next, is left', async () => {
    let asked = 0
    const url = await serving((_request, response) => {
      response.writeHead(302, { location: `/file-${asked++}.tar` }).end()
    })
    await expect(fetched(url)).rejects.toMatchObject({ received: 'more than 5 redirects' })
    expect(asked).toBe(6)
  })

  it('is asked not to pack what it sends; what it packs all the same is unpacked, within bounds', async () => {
    const asked: unknown[] = []
    const packed = { small: gzipSync('contents'), large: gzipSync(Buffer.alloc(2 ** 27)) }
    const url = await serving((request, response) => {
      asked.push(request.headers['accept-encoding'])
      const body = request.url === '/large' ? packed.large : packed.small
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': body.length }).end(body)
    })
    expect(await fetched(url)).toBe('contents')
    expect(asked).toEqual(['identity'])
    await expect(fetched(new URL('/large', url).href, 2 ** 36)).rejects.toMatchObject({
      received: expect.stringMatching(/^more than \d{8} bytes$/),
    })
  })

  it('that says that nothing has changed, without being asked, is refused', async () => {
    const url = await serving((_request, response) => response.writeHead(304).end())
    await expect(fetched(url)).rejects.toMatchObject({ received: 'the server answers 304' })
  })
})

describe('a copy', () => {
  /** Fetches, the second time from a server that answers otherwise; the path, and what was said. */
  async function twice(answer: (response: ServerResponse) => void) {
    let calls = 0
    const url = await serving((_request, response) => {
      if (calls++ === 0) response.writeHead(200, { etag: '"1"' }).end('contents')
      else answer(response)
    })
    const lines: string[] = []
    const options = { maxBytes: 1000, patience, onWarning: (line: string) => lines.push(line) }
    await fetchCached(url, options)
    expect(lines).toEqual([])
    const path = await fetchCached(url, options)
    return { url, path, lines }
  }

  it.each([
    ['500', (response: ServerResponse) => response.writeHead(500).end(), 'the server answers 500'],
    ['404', (response: ServerResponse) => response.writeHead(404).end(), 'the server answers 404'],
    ['410', (response: ServerResponse) => response.writeHead(410).end(), 'the server answers 410'],
    ['nothing', (response: ServerResponse) => response.destroy(), 'fetch failed'],
    ['too much', (response: ServerResponse) => response.end('x'.repeat(2000)), '2000 bytes, more than 1000'],
  ])('serves where the server answers %s, and that is said', async (_, answer, reason) => {
    const { url, path, lines } = await twice(answer)
    expect(readFileSync(path, 'utf8')).toBe('contents')
    const day = statSync(path).mtime.toISOString().slice(0, 10)
    expect(lines).toEqual([expect.stringContaining(`${url} cannot be fetched (${reason}`)])
    expect(lines[0]).toContain(`the copy of ${day} is used, which may be out of date (${path})`)
  })

  it('that is current is used without a word', async () => {
    expect((await twice((response) => response.writeHead(304).end())).lines).toEqual([])
  })

  it('is fetched anew where what is known of it was damaged', async () => {
    const asked: unknown[] = []
    const url = await serving((request, response) => {
      asked.push(request.headers['if-none-match'])
      response.writeHead(200, { etag: '"1"' }).end('contents')
    })
    const path = await fetchCached(url, { maxBytes: 1000 })
    for (const damage of ['"1"\r\nhost: elsewhere', 'x'.repeat(2000), '']) {
      writeFileSync(`${path}.etag`, damage)
      await fetchCached(url, { maxBytes: 1000 })
    }
    await fetchCached(url, { maxBytes: 1000 })
    expect(asked).toEqual([undefined, undefined, undefined, undefined, '"1"'])
    expect(existsSync(path)).toBe(true)
  })
})
