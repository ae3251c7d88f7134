import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Served, serve } from './index.js'
import { hostileForms } from './testing/hostile-forms.js'
import { hostilePictures } from './testing/hostile-pictures.js'
import { hostileRequests, type Sent, slowRequests } from './testing/hostile-requests.js'
import { engine, Project } from './testing/project.js'
import { head, statusOf, talk } from './testing/talk.js'

const project = new Project()
const warnings: string[] = []
let served: Served
let whole: Buffer<ArrayBuffer>
let wanted: string

const good = async (): Promise<string> => {
  const response = await fetch(`${served.url}predict`, { method: 'POST', body: whole })
  return `${response.status} ${await response.text()}`
}

beforeAll(async () => {
  await project.train()
  const onWarning = (line: string): void => void warnings.push(line)
  served = await serve(project.run, { port: 0, engine, workers: 2, timeout: 2, onWarning })
  whole = project.picture(4)
  wanted = await good()
  expect(wanted).toContain('200 [{"image":"0","top":[')
})
afterAll(async () => {
  await served?.close()
  project[Symbol.dispose]()
})

/** An answer is a refusal in our words or a result; never a stack, a path or a defect. A connection that sent no request may end without. */
function expectProper(name: string, answer: string, statuses: readonly number[]): void {
  const said = `${name}: ${answer.slice(0, 400)}`
  expect(statuses, said).toContain(statusOf(answer))
  expect(answer, said).not.toMatch(/\n {4}at |node_modules|\.[jt]s:\d|dist\//)
  if (statusOf(answer) < 400 || !answer.includes('{')) return
  const [, body = ''] = /\r\n\r\n(\{.*?\})(?:HTTP\/1\.1|$)/s.exec(answer) ?? []
  expect(JSON.parse(body), said).toMatchObject({
    error: { kind: expect.any(String), message: expect.stringMatching(/.{10}/) },
  })
}

const refusals = [400, 404, 405, 408, 413, 415, 417, 431, 501, 503, 505]
const proper = [200, ...refusals]

async function expectUnharmed(cases: readonly Sent[], statuses: readonly number[]): Promise<void> {
  for (const [name, parts, pause = 0] of cases) {
    expectProper(name, await talk(served.url, parts, { seconds: 30, pause }), statuses)
    expect(await good(), `after ${name}`).toBe(wanted)
  }
  expect(warnings).toEqual([])
}

describe('a server that is asked by those who mean harm', () => {
  it('is asked in more than two hundred ways', () => {
    const ways = [hostilePictures(whole), hostileForms(whole), hostileRequests(whole), slowRequests(whole)].flat()
    expect(ways.length).toBeGreaterThan(200)
    expect(new Set(ways.map(([name]) => name)).size).toBe(ways.length)
  })

  it('refuses what is no picture, or reads what is left of it', async () => {
    const cases = hostilePictures(whole).map(
      ([name, body]): Sent => [name, [head({ 'Content-Length': body.length }), body]],
    )
    await expectUnharmed(cases, proper)
  })

  it('refuses forms that are none, or reads them', async () => {
    const cases = hostileForms(whole).map(
      ([name, type, body]): Sent => [name, [head({ 'Content-Length': body.length, 'Content-Type': type }), body]],
    )
    await expectUnharmed(cases, proper)
  })

  it('refuses requests that are none, or ends the connection', async () => {
    await expectUnharmed(hostileRequests(whole), [0, ...proper])
  })

  it('does not wait for those who take their time, and answers others meanwhile', async () => {
    const ended = Promise.all(
      slowRequests(whole).map(async ([name, parts, pause = 0]) => ({
        name,
        answer: await talk(served.url, parts, { seconds: 30, pause }),
      })),
    )
    for (let count = 0; count < 5; count++) expect(await good()).toBe(wanted)
    for (const { name, answer } of await ended) expectProper(name, answer, [408, 400])
    expect(await good()).toBe(wanted)
    const health = await (await fetch(`${served.url}health`)).json()
    expect([health.pictures, warnings]).toEqual([0, []])
  })
})
