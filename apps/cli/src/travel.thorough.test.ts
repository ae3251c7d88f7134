import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { convzooIn, metricsOf } from './testing/convzoo.js'
import { pathsOf, picturesIn, trainOn } from './testing/photographs.js'
import { Project } from './testing/project.js'
import { asOfWindows, noComplaint } from './testing/texts.js'

const project = new Project('travel')
const { convzoo } = project

let folder = ''
let data = ''
beforeEach(async () => {
  folder = project.place()
  data = await picturesIn(join(folder, 'fruit'), pathsOf(['apple', 'pear']))
})

const at = (...parts: string[]): string => join(folder, ...parts)
const configOf = (run: string) => JSON.parse(readFileSync(join(run, 'config.json'), 'utf8'))
const weightsOf = (run: string): Buffer => readFileSync(join(run, 'weights.safetensors'))

describe('a run that travels', () => {
  it('is read when it comes from Windows, and goes on to the same weights', () => {
    expect(convzoo(...trainOn(data, at('whole'), '--epochs', '2')).status).toBe(0)
    expect(convzoo(...trainOn(data, at('run'))).status).toBe(0)
    const config = { ...configOf(at('run')), data: { source: 'C:\\Users\\me\\fruit' } }
    writeFileSync(at('run', 'config.json'), asOfWindows(JSON.stringify(config, null, 2)))
    writeFileSync(at('run', 'metrics.jsonl'), asOfWindows(readFileSync(at('run', 'metrics.jsonl'), 'utf8')))
    const lost = convzoo('evaluate', at('run'))
    expect([lost.status, lost.stderr]).toEqual([2, expect.stringContaining('C:\\Users\\me\\fruit cannot be read')])
    expect(lost.stderr).toMatch(/--data/)
    if (process.platform !== 'win32') expect(lost.stderr).toMatch(/the run comes from Windows/)
    const resumed = convzoo('train', '--resume', at('run'), '--epochs', '2', '--data', data)
    expect([resumed.status, resumed.stderr]).toEqual([0, noComplaint])
    expect(weightsOf(at('run')).equals(weightsOf(at('whole')))).toBe(true)
    const kinds = (run: string): unknown[] => metricsOf(run).map(({ type, step, epoch }) => [type, step, epoch])
    expect(kinds(at('run'))).toEqual(kinds(at('whole')))
    expect(configOf(at('run')).data.source).toBe(data)
  })

  it('says where data is missing that has moved, takes its new place, and keeps that', () => {
    const run = at('run')
    const first = convzoo(...trainOn(data, run))
    renameSync(data, at('moved'))
    for (const command of [
      ['evaluate', run],
      ['predict', run],
      ['train', '--resume', run, '--epochs', '2'],
    ]) {
      const { status, stderr } = convzoo(...command)
      expect([status, stderr]).toEqual([2, expect.stringContaining(`${data} cannot be read`)])
      expect(stderr).toMatch(/no such file[\s\S]*give their new place by --data/)
    }
    expect(convzooIn(folder, 'evaluate', 'run', '--data', './moved').lines.at(-1)).toBe(first.lines.at(-1))
    expect(convzooIn(folder, 'train', '--resume', 'run', '--epochs', '2', '--data', 'moved').status).toBe(0)
    expect(configOf(run).data.source).toBe(at('moved'))
    expect(convzoo('evaluate', run).status).toBe(0)
  })
})

describe('a manifest of Windows', () => {
  const images = pathsOf(['apple', 'pear'])
  const manifest = (pathOf: (image: string) => string): string =>
    images.map((image) => `${JSON.stringify({ image: pathOf(image), label: image.split('/')[0] })}\n`).join('')

  it('trains as that of any other system, and a run goes on with either', () => {
    writeFileSync(
      join(data, 'plain.jsonl'),
      manifest((image) => image),
    )
    writeFileSync(join(data, 'windows.jsonl'), asOfWindows(manifest((image) => `${image.replaceAll('/', '\\')} `)))
    for (const name of ['plain', 'windows']) {
      const { status, stderr } = convzoo(...trainOn(join(data, `${name}.jsonl`), at(name)))
      expect([status, stderr]).toEqual([0, noComplaint])
    }
    expect(weightsOf(at('windows')).equals(weightsOf(at('plain')))).toBe(true)
    expect(configOf(at('windows')).fingerprint).toBe(configOf(at('plain')).fingerprint)
    const resumed = convzoo('train', '--resume', at('windows'), '--epochs', '2', '--data', join(data, 'plain.jsonl'))
    expect([resumed.status, resumed.stderr]).toEqual([0, noComplaint])
  })
})
