import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { RunFolder } from '@convzoo/trainer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listRuns, train } from '../index.js'
import { Project, tinyConfig } from '../testing/project.js'

const project = new Project()
afterAll(() => project[Symbol.dispose]())

beforeAll(async () => {
  const data = await project.pictures()
  const quiet = { onWarning: () => undefined }
  await train(tinyConfig(data), { ...quiet, folder: project.path('runs/b') })
  // Stopped after its first step.
  const stop = new AbortController()
  const callbacks = [{ onStep: () => stop.abort() }]
  const optimizer = { name: 'sgdw', learningRate: 0.01 }
  await train(tinyConfig(data, { optimizer }), {
    ...quiet,
    folder: project.path('runs/a'),
    callbacks,
    signal: stop.signal,
  })
})

describe('listRuns', () => {
  it('tells what runs are, how far they have come, and how well they do', async () => {
    const { runs, problems } = await listRuns(project.path('runs'))
    expect(problems).toEqual([])
    const common = { network: 'tiny.only', data: project.path('flowers'), optimizer: 'sgdw', batchSize: 4, epochs: 2 }
    expect(runs[0]).toEqual({
      ...common,
      name: 'a',
      folder: project.path('runs/a'),
      learningRate: 0.01,
      state: 'stopped',
      epoch: 0,
      steps: 1,
      seconds: expect.any(Number),
      bytes: expect.any(Number),
      changed: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    })
    const { samples: _, ...score } = {
      samples: 0,
      ...(await (await RunFolder.open(project.path('runs/b'))).finishedScore()),
    }
    const finished = { state: 'finished', epoch: 2, steps: 4, split: 'validation' }
    expect(runs[1]).toMatchObject({ ...common, ...score, ...finished, name: 'b', learningRate: 0.05 })
    expect((await listRuns(project.path('runs/b'))).runs).toMatchObject([{ name: 'b' }])
  })

  it('sorts by any column, and by a metric; what has none of it comes last', async () => {
    const namesBy = async (sort: string, descending = false): Promise<readonly string[]> =>
      (await listRuns(project.path('runs'), { sort, descending })).runs.map(({ name }) => name)
    expect(await namesBy('learningRate')).toEqual(['a', 'b'])
    expect(await namesBy('learningRate', true)).toEqual(['b', 'a'])
    expect(await namesBy('state')).toEqual(['b', 'a'])
    expect(await namesBy('top1')).toEqual(['b', 'a'])
    expect(await namesBy('f1', true)).toEqual(['b', 'a'])
    await expect(namesBy('colour')).rejects.toMatchObject({
      kind: 'option',
      message: expect.stringContaining('learningRate'),
    })
  })

  it('names what is no run and what is damaged, which hides no other', async () => {
    const runs = project.path('mixed')
    cpSync(project.path('runs'), runs, { recursive: true })
    mkdirSync(`${runs}/notes`)
    cpSync(`${runs}/b`, `${runs}/damaged`, { recursive: true })
    writeFileSync(`${runs}/damaged/config.json`, '{ "network": ')
    cpSync(`${runs}/b`, `${runs}/later`, { recursive: true })
    writeFileSync(`${runs}/later/config.json`, '{ "format": "run/v99" }')
    writeFileSync(`${runs}/readme.txt`, 'no folder')
    const { runs: found, problems } = await listRuns(runs)
    expect(found.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(problems.map(({ folder, error }) => [folder, error.kind])).toEqual(
      ['damaged', 'later', 'notes'].map((name) => [project.path(`mixed/${name}`), 'file']),
    )
    await expect(listRuns(project.path('nowhere'))).rejects.toMatchObject({ kind: 'file' })
  })

  it('tells a run in which a process trains', async () => {
    await using _ = await (await RunFolder.open(project.path('runs/b'))).lock()
    expect((await listRuns(project.path('runs/b'))).runs).toMatchObject([{ state: 'running' }])
  })
})
