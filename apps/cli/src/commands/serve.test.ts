import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { pathsOf, picturesIn, trainOn } from '../testing/photographs.js'
import { Project } from '../testing/project.js'
import { started } from '../testing/started.js'

const project = new Project('serve')
const run = project.path('run')
const picture = project.path('fruit/berry/2.png')

beforeAll(async () => {
  await picturesIn(project.path('fruit'), pathsOf(['apple', 'berry']))
  expect(project.convzoo(...trainOn(project.path('fruit'), run)).status).toBe(0)
  expect(project.convzoo('export', run, '-o', project.path('fruit.onnx')).status).toBe(0)
  predicted = JSON.parse(project.convzoo('predict', run, picture, '--top', '2', '--json').stdout)[0].top
})

const ask = (url: string, query = ''): Promise<Response> =>
  fetch(`${url}predict${query}`, { method: 'POST', body: new Uint8Array(readFileSync(picture)) })

/** What predict says of the picture. */
let predicted: unknown

const ends = process.platform === 'win32' ? (['SIGKILL'] as const) : (['SIGINT', 'SIGTERM'] as const)

describe('convzoo serve', () => {
  it.each(ends)('answers as predict does until %s, and exits with 0 (Windows knows no signals)', async (signal) => {
    const server = await started(project.folder, 'serve', run, '--top', '2', '--port', '0')
    expect(server.line).toMatch(/^tiny\.only, 2 classes: http:\/\/127\.0\.0\.1:\d+\/$/)
    const [answer] = JSON.parse(await (await ask(server.url)).text())
    expect(answer).toEqual({ image: '0', top: predicted })
    expect(await (await fetch(server.url)).text()).toContain('<h1>tiny.only</h1>')
    server.kill(signal)
    expect(await server.ended).toBe(signal === 'SIGKILL' ? 'SIGKILL' : 0)
    const said = 'Stopping when what has come is answered; once more to stop at once.\n'
    expect(server.stderr()).toBe(signal === 'SIGKILL' ? '' : said)
    await expect(fetch(server.url)).rejects.toThrow()
  })

  it('serves an exported model, within the bounds that are given', async () => {
    const server = await started(
      project.folder,
      'serve',
      'fruit.onnx',
      '--max-upload',
      '0.00005',
      '--timeout',
      '5',
      '--queue',
      '4',
      '--port',
      '0',
    )
    const refused = await ask(server.url)
    expect([refused.status, JSON.parse(await refused.text()).error.expected]).toEqual([413, 'at most 52 bytes'])
    server.kill('SIGKILL')
    await server.ended
  })

  it('says that a port is taken, and exits with 2', async () => {
    const server = await started(project.folder, 'serve', run, '--port', '0')
    const { port } = new URL(server.url)
    const { status, stdout, stderr } = project.convzoo('serve', run, '--port', port)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(
      new RegExp(`^error: Another program listens at port ${port} of 127\\.0\\.0\\.1\\.[\\s\\S]*hint:`),
    )
    server.kill('SIGKILL')
    await server.ended
  })

  it.each([
    ['no network', [], /Which network should serve use/],
    ['a port that is none', ['run', '--port', '70000'], /--port[\s\S]*65535/],
    ['a folder without a run', ['fruit'], /fruit is not the folder of a run/],
    ['what is no model', ['package.json'], /package\.json/],
  ])('refuses %s in words', (_, parameters, message) => {
    const { status, stdout, stderr } = project.convzoo('serve', ...parameters)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/^ {4}at /m)
  })
})
