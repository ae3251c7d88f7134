import { readFileSync } from 'node:fs'
import { openRun } from '@convzoo/run'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Served, serve } from './index.js'
import { engine, Project } from './testing/project.js'
import { head, statusOf, talk } from './testing/talk.js'

const project = new Project()
const quiet = { onWarning: () => undefined }
const options = { port: 0, workers: 2, engine, ...quiet } as const
let served: Served
/** What `predict` makes of the photographs: what a request has to be answered with. */
let predicted: Awaited<ReturnType<Awaited<ReturnType<typeof openRun>>['predict']>>

beforeAll(async () => {
  await project.train()
  const run = await openRun(project.run, { engine, ...quiet })
  predicted = await run.predict(project.pictures)
  await run.export(project.path('flowers.onnx'))
  await run.export(project.path('bytes.onnx'), { withPreprocessing: true })
  await run.dispose()
  served = await serve(project.run, options)
})
afterAll(async () => {
  await served?.close()
  project[Symbol.dispose]()
})

const post = (body: BodyInit, { at = served, query = '', headers = {} } = {}): Promise<Response> =>
  fetch(`${at.url}predict${query}`, { method: 'POST', body, headers })

/** The same classes in their order, with probabilities that differ in their last digits at most: batches are others. */
function expectSame(given: unknown, index: number): void {
  const wanted = predicted[index]?.top.map(({ class: name, probability }) => ({
    class: name,
    probability: expect.closeTo(probability, 5),
  }))
  expect(given).toEqual(wanted)
}

describe('a network that is served', () => {
  it('takes the bytes of a picture for what predict takes the file for', async () => {
    const response = await post(project.picture(0))
    expect(response.status).toBe(200)
    const [answer, ...more] = await response.json()
    expect([answer.image, more]).toEqual(['0', []])
    expectSame(answer.top, 0)
  })

  it('takes forms with several, by their names, and says of each that cannot be used why', async () => {
    const form = new FormData()
    for (const index of [1, 7]) form.append('photograph', new Blob([project.picture(index)]), `Blüte ${index}.png`)
    form.append('photograph', new Blob(['nothing']), '../../etc/passwd')
    const response = await post(form)
    const answers = await response.json()
    expect([response.status, answers.map(({ image }: { image: string }) => image)]).toEqual([
      200,
      ['Blüte 1.png', 'Blüte 7.png', 'passwd'],
    ])
    expectSame(answers[0].top, 1)
    expectSame(answers[1].top, 7)
    expect(answers[2].error).toEqual({
      kind: 'data',
      message: 'The picture passwd cannot be predicted.',
      expected: 'a JPEG, PNG, WebP, GIF, TIFF or AVIF file',
      received: 'unsupported image format',
    })
  })

  it('answers many at once, each with its own', async () => {
    const answers = await Promise.all(
      Array.from({ length: 96 }, async (_, place) => {
        const response = await post(project.picture(place % 10))
        return response.json()
      }),
    )
    for (const [place, [answer]] of answers.entries()) expectSame(answer.top, place % 10)
  })

  it('gives as many classes as are asked for, by the address or by default', async () => {
    const countOf = async (response: Promise<Response>): Promise<number> =>
      (await (await response).json())[0].top.length
    expect(await countOf(post(project.picture(0), { query: '?top=1' }))).toBe(1)
    await using one = await serve(project.run, { ...options, top: 1 })
    expect(await countOf(post(project.picture(0), { at: one }))).toBe(1)
    expect(await countOf(post(project.picture(0), { at: one, query: '?top=900' }))).toBe(2)
  })

  it.each([
    ['a file of weights', () => project.path('run/weights.safetensors'), { as: 'tiny', classes: ['rose', 'tulip'] }],
    ['an ONNX model', () => project.path('flowers.onnx'), { engine: undefined }],
    ['an ONNX model that takes bytes', () => project.path('bytes.onnx'), { engine: undefined }],
  ])('is the same of %s', async (_, place, more) => {
    await using other = await serve(place(), { ...options, ...more })
    expect([other.id, other.classes]).toEqual(['tiny.only', ['rose', 'tulip']])
    for (const index of [0, 9]) {
      const [answer] = await (await post(project.picture(index), { at: other })).json()
      expectSame(answer.top, index)
    }
  })

  it('shows a page that loads nothing from elsewhere, and says that it is well', async () => {
    const page = await fetch(served.url)
    const text = await page.text()
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(text).toContain('<h1>tiny.only</h1>')
    expect(text).not.toMatch(/(?:src|href)="(?!\/page\.|data:,)/)
    for (const name of ['page.js', 'page.css']) expect((await fetch(`${served.url}${name}`)).status).toBe(200)
    expect((await fetch(served.url, { method: 'HEAD' })).status).toBe(200)
    expect(await (await fetch(`${served.url}health`)).json()).toEqual({
      ...{ status: 'ok', network: 'tiny.only', input: [8, 8, 3], classes: 2, pictures: 0 },
    })
  })

  it('is reached from this machine alone unless another address is given', async () => {
    expect(served.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
    await using all = await serve(project.run, { ...options, host: 'localhost' })
    expect((await fetch(`${all.url}health`)).status).toBe(200)
  })

  it('says that a port is taken, or an address is none of this machine, and leaves nothing open', async () => {
    const port = Number(new URL(served.url).port)
    await expect(serve(project.run, { ...options, port })).rejects.toMatchObject({
      kind: 'option',
      message: expect.stringMatching(new RegExp(`listens at port ${port}[\\s\\S]*0, which takes any`)),
    })
    await expect(serve(project.run, { ...options, host: '192.0.2.1' })).rejects.toMatchObject({ kind: 'option' })
  })

  it.each([
    ['what is no network', () => project.path('nowhere'), {}, 'file'],
    ['what is no model', () => project.path('package.json.onnx'), {}, 'file'],
    ['a model of which more is said', () => project.path('flowers.onnx'), { as: 'tiny' }, 'option'],
    ['a port that is none', () => project.run, { port: 70_000 }, 'option'],
  ])('refuses %s in words', async (_, place, more, kind) => {
    await expect(serve(place(), { port: 0, ...quiet, ...more })).rejects.toMatchObject({ kind })
  })

  it('answers what has come when it is closed, and is not there any more', async () => {
    const other = await serve(project.run, options)
    const body = project.picture(3)
    const asked = talk(other.url, [head({ 'Content-Length': body.length }), body.subarray(0, 50), body.subarray(50)], {
      pause: 200,
    })
    await new Promise((resolve) => setTimeout(resolve, 100))
    await Promise.all([other.close(), other.close()])
    const answer = await asked
    expect(statusOf(answer)).toBe(200)
    expectSame(JSON.parse(answer.slice(answer.indexOf('['), answer.lastIndexOf(']') + 1))[0].top, 3)
    await expect(fetch(other.url)).rejects.toThrow()
  })
})

describe('bounds', () => {
  const errorOf = async (response: Response): Promise<Record<string, string>> => (await response.json()).error

  it('are kept on the bytes of a request, announced or not', async () => {
    await using small = await serve(project.run, { ...options, maxBytes: 1000 })
    const large = Buffer.alloc(5000)
    const announced = await post(large, { at: small })
    expect([announced.status, await errorOf(announced)]).toEqual([
      413,
      {
        kind: 'data',
        message: 'The request is too large.',
        expected: 'at most 1000 bytes',
        received: '5000 bytes',
        hint: expect.any(String),
      },
    ])
    const chunked = `${(5000).toString(16)}\r\n${large}\r\n0\r\n\r\n`
    expect(statusOf(await talk(small.url, [head({ 'Transfer-Encoding': 'chunked' }), chunked]))).toBe(413)
    expect((await post(project.picture(0), { at: small })).status).toBe(200)
  })

  it('are kept on the pictures of a request', async () => {
    await using few = await serve(project.run, { ...options, maxFiles: 2 })
    const form = (count: number): FormData => {
      const parts = new FormData()
      for (let index = 0; index < count; index++) parts.append('a', new Blob([project.picture(index)]), 'a.png')
      return parts
    }
    expect((await post(form(2), { at: few })).status).toBe(200)
    const refused = await post(form(3), { at: few })
    expect([refused.status, (await errorOf(refused)).expected]).toEqual([413, 'at most 2'])
  })

  it('are kept on the pictures of all requests together: others are told to come back', async () => {
    await using narrow = await serve(project.run, { ...options, queue: 2 })
    const body = project.picture(0)
    const slow = [1, 2].map(() =>
      talk(narrow.url, [head({ 'Content-Length': body.length }), body.subarray(0, 10), body.subarray(10)], {
        pause: 500,
      }),
    )
    await new Promise((resolve) => setTimeout(resolve, 200))
    const refused = await post(body, { at: narrow })
    expect([refused.status, refused.headers.get('retry-after'), (await errorOf(refused)).kind]).toEqual([
      503,
      '1',
      'state',
    ])
    expect((await Promise.all(slow)).map(statusOf)).toEqual([200, 200])
    expect((await post(body, { at: narrow })).status).toBe(200)
  })

  it('are kept on the time that a request takes to come', async () => {
    await using hasty = await serve(project.run, { ...options, timeout: 0.5 })
    const drip = Array.from({ length: 100 }, () => 'x')
    const answers = await Promise.all([
      talk(hasty.url, [head({ 'Content-Length': 1000 }), ...drip], { pause: 50 }),
      talk(hasty.url, ['POST /predict HTTP/1.1\r\n', 'X-Slow: ', ...drip], { pause: 50 }),
    ])
    expect(answers.map(statusOf)).toEqual([408, 408])
    for (const answer of answers) expect(answer).toContain('"message":"The request took too long to come."')
    expect((await post(project.picture(0), { at: hasty })).status).toBe(200)
  })

  it('say what is wrong with a request, with the status that is due', async () => {
    const html = readFileSync(new URL(import.meta.url), 'utf8')
    const cases: readonly (readonly [Promise<Response>, number, RegExp])[] = [
      [post(''), 400, /empty/],
      [post(html), 415, /cannot be predicted/],
      [post(project.picture(9).subarray(0, 90)), 400, /cannot be predicted/],
      [post(project.picture(0), { query: '?top=0' }), 400, /top/],
      [post(project.picture(0), { query: '?tpo=1' }), 400, /no parameter tpo/],
      [post(project.picture(0), { headers: { 'Content-Encoding': 'gzip' } }), 415, /compressed/],
      [post('x', { headers: { 'Content-Type': 'multipart/form-data' } }), 400, /parts/],
      [fetch(`${served.url}predict`), 405, /kind/],
      [fetch(`${served.url}health`, { method: 'DELETE' }), 405, /kind/],
      [fetch(`${served.url}etc/passwd`), 404, /nothing/],
    ]
    for (const [asked, status, message] of cases) {
      const response = await asked
      expect([response.status, await errorOf(response)]).toEqual([
        status,
        expect.objectContaining({ kind: expect.any(String), message: expect.stringMatching(message) }),
      ])
    }
    expect((await fetch(`${served.url}predict`)).headers.get('allow')).toBe('POST')
  })
})
