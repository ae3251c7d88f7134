import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { pathsOf, picturesIn, trainOn } from '../testing/photographs.js'
import { Project } from '../testing/project.js'
import { started } from '../testing/started.js'

const ending = process.platform === 'win32' ? 'SIGKILL' : 'SIGINT'

const project = new Project('live')
const run = project.path('run')
const data = project.path('fruit')
/** A training without the flag that tests give to it, as a user types it. */
const plain = (folder: string): string[] => trainOn(data, folder).filter((each) => each !== '--no-report')
let said: readonly string[] = []

beforeAll(async () => {
  await picturesIn(data, pathsOf(['apple', 'berry']))
  const { status, lines } = project.convzoo(...plain(run))
  expect(status).toBe(0)
  said = lines
})

describe('the page of a run', () => {
  it('is written by train, which says where before the last scores, unless it is told not to', () => {
    expect(said.slice(-5, -2)).toEqual([
      `page    ${join(run, 'report.html')}`,
      `files   ${['curves.svg', 'confusion.svg', 'mistakes.json'].map((name) => join(run, name)).join(', ')}`,
      `next    convzoo evaluate ${run}, convzoo predict ${run} <picture>`,
    ])
    expect(said.at(-1)).toMatch(/accuracy/)
    expect(readFileSync(join(run, 'report.html'), 'utf8')).toContain('tiny.only')
    const other = project.path('without')
    expect(project.convzoo(...trainOn(data, other)).lines.join('\n')).not.toContain('page ')
    expect(existsSync(join(other, 'report.html'))).toBe(false)
  })

  it('is shown by live, to who has its address, until Ctrl-C (Windows knows no signals)', async () => {
    const live = await started(project.folder, 'live', run)
    expect(await (await fetch(live.url)).text()).toContain('"state":"finished"')
    expect((await fetch(new URL('/', live.url))).status).toBe(403)
    live.kill(ending)
    expect(await live.ended).toBe(ending === 'SIGINT' ? 0 : ending)
  })

  it('is shown by train while it goes on, and stops it so that it can be resumed', async () => {
    const folder = project.path('watched')
    const trainer = await started(project.folder, ...plain(folder), '--epochs', '10000', '--live')
    const { origin, search } = new URL(trainer.url)
    expect((await fetch(`${origin}/stop${search}`, { method: 'POST' })).status).toBe(200)
    expect(await trainer.ended).toBe(1)
    expect(trainer.stderr()).toMatch(/Stopped after step \d+\. Go on with: convzoo train --resume/)
    expect(existsSync(join(folder, 'report.html'))).toBe(true)
  })

  it('is refused a port that is none, and a folder without a run', () => {
    for (const [parameters, words] of [
      [['live', run, '--port', '70000'], '65535'],
      [['live', data], 'is not the folder of a run'],
    ] as const) {
      const { status, stdout, stderr } = project.convzoo(...parameters)
      expect([status, stdout]).toEqual([2, ''])
      expect(stderr).toContain(words)
    }
  })
})
