import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { resume } from '@convzoo/run'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LiveRun, liveRun } from '../index.js'
import { dataOf, metricsOf, Project } from '../testing/project.js'

const project = new Project()
const folder = project.path('runs/live')
let live: LiveRun
/** What came after it was stopped by the page. */
let ended: ReturnType<Project['train']>
const events: { readonly name: string; readonly data: unknown }[] = []
let page = ''
const warnings: string[] = []

/** A request with headers that `fetch` would not send. */
function ask(path: string, { method = 'GET', headers = {} } = {}): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(live.url)
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers, agent: false }, (response) => {
      let body = ''
      response.on('data', (part) => {
        body += part
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
    })
    sent.on('error', reject)
    sent.end()
  })
}

/** Reads events until it is told to end, or the server ends them. */
async function hear(isEnough: () => boolean): Promise<void> {
  const controller = new AbortController()
  const { search, origin } = new URL(live.url)
  const response = await fetch(`${origin}/events${search}`, { signal: controller.signal })
  const reader = response.body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  while (!isEnough()) {
    const { value, done = true } = (await reader?.read()) ?? {}
    if (done) break
    text += decoder.decode(value, { stream: true })
    const whole = text.split('\n\n')
    text = whole.pop() ?? ''
    for (const each of whole) {
      const [, name = '', data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(each) ?? []
      events.push({ name, data: JSON.parse(data) })
    }
  }
  controller.abort()
}

const last = (name: string) => events.findLast((each) => each.name === name)?.data

beforeAll(async () => {
  const source = await project.pictures(['rose', 'tulip'])
  let begin = (): void => undefined
  const begun = new Promise<void>((resolve) => {
    begin = resolve
  })
  const callbacks = [{ onEpoch: () => begin(), onStep: () => sleep(5) }]
  ended = project.train(source, folder, { training: { epochs: 10_000, batchSize: 4 } }, { callbacks })
  await Promise.race([begun, ended])
  live = await liveRun(folder, { onWarning: (line) => void warnings.push(line) })
  page = await (await fetch(live.url)).text()
})
afterAll(async () => {
  await live?.close()
  project[Symbol.dispose]()
})

describe('a run that is shown while it goes on', () => {
  it('is a page of this machine, by its token alone', async () => {
    expect(live.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{32}$/)
    expect(dataOf(page).progress.state).toBe('going')
    const { search, host } = new URL(live.url)
    for (const [path, headers] of [
      ['/', {}],
      ['/?token=', {}],
      [`/${search}x`, {}],
      ['/events', {}],
      [`/${search}`, { host: 'example.org' }],
      [`/${search}`, { host: `example.org:${new URL(live.url).port}` }],
      [`/${search}`, { origin: 'http://example.org' }],
      [`/${search}`, { origin: 'null' }],
    ] as const) {
      const { status, body } = await ask(path, { headers: { host, ...headers } })
      expect([status, body.includes('tiny')], `${path} ${JSON.stringify(headers)}`).toEqual([403, false])
    }
    for (const path of ['/stop', '/checkpoint']) {
      expect((await ask(path, { method: 'POST', headers: { host } })).status).toBe(403)
      expect((await ask(`${path}${search}`, { headers: { host } })).status).toBe(405)
    }
    expect((await ask(`/nothing${search}`, { headers: { host } })).status).toBe(404)
    expect((await ask(`/${search}`, { headers: { host } })).status).toBe(200)
  })

  it('tells what happens, stops a run so that it can be resumed, and shows what becomes of it', async () => {
    await hear(() => (last('progress') as { steps?: number } | undefined)?.steps !== undefined && events.length > 3)
    expect(last('progress')).toMatchObject({ state: 'going' })
    const { search, host } = new URL(live.url)
    const { status, body } = await ask(`/stop${search}`, { method: 'POST', headers: { host } })
    expect([status, JSON.parse(body)]).toEqual([200, { asked: 'stop' }])
    const stopped = await ended
    expect(stopped?.completed).toBe(false)
    await hear(() => (last('progress') as { state: string }).state === 'stopped')
    const steps = metricsOf(folder).filter(({ type }) => type === 'step')
    expect(last('progress')).toMatchObject({ steps: steps.length, planned: 10_000 })
    expect((await ask(`/stop${search}`, { method: 'POST', headers: { host } })).status).toBe(409)
    const epochs = (stopped?.position.epoch ?? 0) + 1
    const resumed = await resume(folder, { changes: { training: { epochs } }, onWarning: () => undefined })
    expect(resumed.completed).toBe(true)
    await hear(() => (last('progress') as { state: string }).state === 'finished')
    expect(last('progress')).toMatchObject({ epochs, planned: epochs })
    expect(dataOf(await (await fetch(live.url)).text()).progress.state).toBe('finished')
    expect(warnings).toEqual([])
  })

  it('refuses a port that is taken, and what is no run', async () => {
    const port = Number(new URL(live.url).port)
    await expect(liveRun(folder, { port })).rejects.toMatchObject({ kind: 'option' })
    await expect(liveRun(project.path('pictures'))).rejects.toMatchObject({ kind: 'file' })
  })
})
