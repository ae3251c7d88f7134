import { cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { convzooIn } from './testing/convzoo.js'
import { pathsOf, picturesIn, trainOn } from './testing/photographs.js'
import { Project } from './testing/project.js'
import { noComplaint } from './testing/texts.js'

const project = new Project('travel')
const { convzoo } = project

let folder = ''
let data = ''
beforeEach(async () => {
  folder = project.place()
  data = await picturesIn(join(folder, 'fruit'), pathsOf(['apple', 'pear']))
})

const at = (...parts: string[]): string => join(folder, ...parts)

describe('a run that travels', () => {
  it('finds data that was given by a relative path from any folder, also when the run has moved', () => {
    expect(convzooIn(folder, ...trainOn('./fruit', 'first')).status).toBe(0)
    mkdirSync(at('elsewhere'))
    renameSync(at('first'), at('elsewhere', 'run'))
    const { status, stderr, lines } = convzooIn(at('elsewhere'), 'evaluate', 'run')
    expect([status, stderr]).toEqual([0, noComplaint])
    expect(lines.at(-1)).toMatch(/^validation accuracy/)
  })

  it('says where data is missing that has moved, and takes its new place', () => {
    const run = at('run')
    const first = convzoo(...trainOn(data, run))
    renameSync(data, at('moved'))
    const { status, stderr } = convzoo('evaluate', run)
    expect([status, stderr]).toEqual([2, expect.stringContaining(`${data} cannot be read`)])
    expect(stderr).toMatch(/no such file[\s\S]*give their new place by --data/)
    expect(convzooIn(folder, 'evaluate', 'run', '--data', './moved').lines.at(-1)).toBe(first.lines.at(-1))
  })

  it('names a text in UTF-16 and how to convert it', () => {
    expect(convzoo(...trainOn(data, at('run'))).status).toBe(0)
    for (const name of ['config.json', 'metrics.jsonl']) {
      const run = at(`wide-${name}`)
      cpSync(at('run'), run, { recursive: true })
      writeFileSync(join(run, name), readFileSync(join(run, name), 'utf8'), 'utf16le')
      const { status, stderr } = convzoo('train', '--resume', run, '--epochs', '2')
      expect([status, stderr]).toEqual([2, expect.stringMatching(/UTF-16/)])
    }
  })
})

describe('a manifest of Windows', () => {
  const images = pathsOf(['apple', 'pear'])
  const manifest = (pathOf: (image: string) => string): string =>
    images.map((image) => `${JSON.stringify({ image: pathOf(image), label: image.split('/')[0] })}\n`).join('')

  it('in UTF-16 is named with how to convert it, in either order of bytes', () => {
    const little = Buffer.from(`\ufeff${manifest((image) => image)}`, 'utf16le')
    for (const bytes of [little, Buffer.from(little).swap16()]) {
      writeFileSync(join(data, 'wide.jsonl'), bytes)
      const { status, stderr } = convzoo(...trainOn(join(data, 'wide.jsonl'), at('run')))
      expect(status).toBe(2)
      expect(stderr).toMatch(
        /wide\.jsonl cannot be read: it is a text in UTF-16[\s\S]*Set-Content new\.jsonl -Encoding utf8/,
      )
    }
  })
})
