import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { train } from '../index.js'
import { Project, tinyConfig } from '../testing/project.js'

const project = new Project()
afterAll(() => project[Symbol.dispose]())

const quiet = { onWarning: () => undefined }

describe('data.overfit', () => {
  it('trains on so many images of all classes and validates on the same, without augmentation', async () => {
    const source = await project.pictures({ count: 6 })
    const folder = project.path('runs/few')
    const lines: string[] = []
    const result = await train(
      tinyConfig(source, {
        data: { source, overfit: 4, workers: 1 },
        optimizer: { name: 'adamW', learningRate: 0.02 },
        training: { epochs: 30 },
      }),
      { ...quiet, folder, onLog: (line) => void lines.push(line) },
    )
    expect(lines.join('\n')).toMatch(/4 images to train on, 4 to validate on\n/)
    expect(result?.score).toMatchObject({ split: 'validation', samples: 4, top1: 1 })
    const { data, made } = JSON.parse(readFileSync(`${folder}/config.json`, 'utf8'))
    expect(data.overfit).toBe(4)
    expect(made.preprocessing.augmentation ?? []).toEqual([])
    const { rows } = JSON.parse(readFileSync(`${folder}/confusion.json`, 'utf8'))
    expect(rows).toEqual([
      [2, 0],
      [0, 2],
    ])
  })

  it('refuses augmentation beside it', async () => {
    const source = await project.pictures({ count: 2 })
    const refused = train(tinyConfig(source, { data: { source, overfit: 2, augment: 'paper' } }), quiet)
    await expect(refused).rejects.toMatchObject({ kind: 'option', message: expect.stringContaining('--overfit') })
  })
})
