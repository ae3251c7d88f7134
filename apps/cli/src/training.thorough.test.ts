import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { convzooIn, smallRun } from './testing/convzoo.js'
import { earlierConfig } from './testing/earlier-config.js'
import { Project } from './testing/project.js'

const project = new Project('training-thorough')
const { convzoo } = project

describe('convzoo train', () => {
  it('takes a set by its name, a folder of that name by its path, and runs that were made with --dataset', () => {
    const place = project.place()
    mkdirSync(join(place, 'mnist'))
    const inPlace = (...parameters: string[]) => convzooIn(place, ...parameters)
    const named = inPlace(...smallRun('run', '--recipe', 'notebook'))
    expect([named.status, named.stderr]).toEqual([
      0,
      expect.stringMatching(/mnist is the set[^\n]*--data \.\/mnist\n$/),
    ])
    const folderOf = inPlace(...smallRun('other', '--data', './mnist'))
    expect([folderOf.status, folderOf.stderr]).toEqual([2, expect.stringMatching(/image|class/)])
    const path = join(place, 'run', 'config.json')
    const { data, made } = JSON.parse(readFileSync(path, 'utf8'))
    expect(data.source).toBe('mnist')
    writeFileSync(path, JSON.stringify(earlierConfig(made)))
    expect(convzoo('evaluate', join(place, 'run'), '--limit', '20').lines.at(-1)).toMatch(/^test accuracy/)
    expect(convzoo('train', '--resume', join(place, 'run'), '--epochs', '2').status).toBe(0)
    const { fingerprint } = made
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ data: { source: 'mnist' }, made: { fingerprint } })
  })

  it('gives the same weights bit for bit for the same seed, others for another', () => {
    const [run, again, other] = [project.path('first'), project.path('again'), project.path('other')]
    for (const parameters of [smallRun(run), smallRun(again), smallRun(other, '--seed', '2')]) {
      expect(convzoo(...parameters).status).toBe(0)
    }
    const weightsOf = (folder: string): Buffer => readFileSync(join(folder, 'weights.safetensors'))
    expect(weightsOf(again).equals(weightsOf(run))).toBe(true)
    expect(weightsOf(other).equals(weightsOf(run))).toBe(false)
  })
})
