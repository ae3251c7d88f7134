import { head } from './talk.js'

/** Bytes that are sent one after the other, and in between so many milliseconds. */
export type Sent = readonly [name: string, parts: readonly (string | Buffer)[], pause?: number]

const get = (target: string): string => head({}, `GET ${target} HTTP/1.1`)
const post = (target: string): string => head({ 'Content-Length': 1 }, `POST ${target} HTTP/1.1`)

const targets = [
  '/predict/../../etc/passwd',
  '/../../../etc/passwd',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/..%2f..%2fetc%2fpasswd',
  '//predict',
  '/predict/',
  '/predict%00',
  '/%',
  '/%zz',
  '/\\..\\..\\windows',
  '/page.js/../../package.json',
  `/${'a'.repeat(12_000)}`,
  'http://example.org/predict',
  'example.org:443',
  '*',
  '/\xff\xfe',
  '/__proto__',
  '/constructor',
  '/?__proto__[x]=1',
  'predict',
]

const queries = [
  'top=NaN',
  'top=-1',
  'top=1e999',
  'top=0x10',
  'top=1&top=2',
  'top[]=1',
  'top=',
  '__proto__=1',
  `top=${'9'.repeat(4000)}`,
  '%',
  '=',
  `${'a=b&'.repeat(1500)}`,
]

/** Requests that are wrong below or around what they carry. */
export function hostileRequests(whole: Buffer): readonly Sent[] {
  const size = { 'Content-Length': whole.length }
  const chunked = { 'Transfer-Encoding': 'chunked' }
  const good = head(size).replace('Connection: close', 'Connection: keep-alive')
  const line = 'POST /predict HTTP/1.1\r\n'
  return [
    ...targets.map((target): Sent => [`GET ${target.slice(0, 30)}`, [get(target)]]),
    ...queries.map((query): Sent => [`?${query.slice(0, 30)}`, [post(`/predict?${query}`), 'x']]),
    ['a length below nothing', [head({ 'Content-Length': -1 }), whole]],
    ['a length that is none', [head({ 'Content-Length': 'many' }), whole]],
    ['a length beyond all', [head({ 'Content-Length': '9'.repeat(18) })]],
    ['a length that overflows', [head({ 'Content-Length': '9'.repeat(40) })]],
    ['two lengths', [`${line}Host: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef`]],
    ['a length and chunks', [head({ ...size, ...chunked }), '0\r\n\r\n']],
    ['chunks of a size that is none', [head(chunked), 'zz\r\nabc\r\n0\r\n\r\n']],
    ['chunks of a size beyond all', [head(chunked), `${'f'.repeat(20)}\r\n`]],
    ['a chunk that is longer than it says', [head(chunked), '2\r\nabcdef\r\n0\r\n\r\n']],
    ['chunks with extensions', [head(chunked), `1;${'x'.repeat(20_000)}\r\na\r\n0\r\n\r\n`]],
    ['an encoding that is none', [head({ 'Transfer-Encoding': 'gzip, chunked' }), '0\r\n\r\n']],
    ['a body that is compressed', [head({ ...size, 'Content-Encoding': 'br' }), whole]],
    ['no host', [`${line}Connection: close\r\nContent-Length: 1\r\n\r\nx`]],
    ['two hosts', [`${line}Host: a\r\nHost: b\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx`]],
    ['a host that is none', [`${line}Host: a b/c?d#e@f\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx`]],
    ['a host of old', ['POST /predict HTTP/1.0\r\nContent-Length: 1\r\n\r\nx']],
    ['a header with a zero byte', [head({ 'X-A': 'a\0b' })]],
    ['a header on two lines', [head({ 'X-A': 'a\r\n b' })]],
    ['a header without a colon', [`${line}nonsense\r\n\r\n`]],
    ['a header of 100 kB', [head({ 'X-A': 'a'.repeat(100_000) })]],
    ['three thousand headers', [head(Object.fromEntries(Array.from({ length: 3000 }, (_, at) => [`X-${at}`, at])))]],
    ['a type of 10 kB', [head({ ...size, 'Content-Type': `multipart/${'x'.repeat(10_000)}` }), whole]],
    ['an expectation', [head({ ...size, Expect: 'the-unexpected' }), whole]],
    ['a wait for a word that never comes', [head({ 'Content-Length': 2 ** 30, Expect: '100-continue' })]],
    ['an upgrade', [head({ Upgrade: 'websocket', 'Sec-WebSocket-Key': 'x' }).replace('close', 'upgrade, close')]],
    ['an upgrade to HTTP/2', [head({ Upgrade: 'h2c', 'HTTP2-Settings': 'x' }).replace('close', 'upgrade, close')]],
    ['HTTP/2', ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0']],
    ['HTTP/0.9', ['GET /\r\n\r\n']],
    ['HTTP/9.9', ['GET / HTTP/9.9\r\n\r\n']],
    ['TLS', ['\x16\x03\x01\0\xa5\x01\0\0\xa1\x03\x03']],
    ['another protocol', ['SSH-2.0-OpenSSH_9.6\r\n']],
    ['CONNECT', [head({}, 'CONNECT example.org:443 HTTP/1.1')]],
    ['TRACE', [head({}, 'TRACE /predict HTTP/1.1')]],
    ['a method that is none', [head({}, 'NONSENSE /predict HTTP/1.1')]],
    ['bytes of nothing', [Buffer.alloc(10_000)]],
    ['lines of nothing', ['\r\n'.repeat(5000)]],
    ['a request and nonsense behind it', [good, whole, 'nonsense\r\n\r\n']],
    [
      'a request and another that is longer than it says',
      [good, whole, head({ 'Content-Length': 0 }), 'x'.repeat(5000)],
    ],
    [
      'fifty requests at once',
      [
        Buffer.concat([
          ...Array.from({ length: 50 }, () => Buffer.concat([Buffer.from(good), whole])),
          Buffer.from(get('/')),
        ]),
      ],
    ],
    ['fifty requests for nothing', [`${get('/nowhere').replace('close', 'keep-alive').repeat(49)}${get('/nowhere')}`]],
    ['a request within a request', [head({ 'Content-Length': 4, ...chunked }), `0\r\n\r\n${get('/health')}`]],
    ['a body for who wants none', [head({ 'Content-Length': 5 }, 'GET /health HTTP/1.1'), 'abcde']],
    ['a body that is too large', [head({ 'Content-Length': 40_000_000 }), Buffer.alloc(100_000)]],
  ]
}

/** Connections that take their time. */
export function slowRequests(whole: Buffer): readonly Sent[] {
  const drip = Array.from({ length: 200 }, () => 'x')
  const pause = 50
  return [
    ['a head that never ends', ['POST /predict HTTP/1.1\r\nX-Slow: ', ...drip], pause],
    ['headers without an end', ['POST /predict HTTP/1.1\r\n', ...drip.map((_, at) => `X-${at}: y\r\n`)], pause],
    ['a body that never ends', [head({ 'Content-Length': 10_000 }), ...drip], pause],
    ['chunks without an end', [head({ 'Transfer-Encoding': 'chunked' }), ...drip.map(() => '1\r\nx\r\n')], pause],
    ['half a picture and then nothing', [head({ 'Content-Length': whole.length }), whole.subarray(0, 40)]],
    ['half a head and then nothing', ['POST /pre']],
    ['nothing at all', []],
    [
      'a form that never ends',
      [head({ 'Content-Length': 9000, 'Content-Type': 'multipart/form-data; boundary=x' }), ...drip],
      pause,
    ],
  ]
}
