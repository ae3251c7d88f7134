import { cpSync } from 'node:fs'
import { openSafetensors, writeSafetensors } from '@convzoo/safetensors'
import { diagnose } from '@convzoo/visualize/inside'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRun, openWeights, type Run, train } from '../index.js'
import { Project, tinyConfig } from '../testing/project.js'

const project = new Project()
const folder = project.path('run')
let source = ''
let run: Run
beforeAll(async () => {
  source = await project.pictures()
  const config = tinyConfig(source, { training: { epochs: 4, batchSize: 4 }, checkpoints: { keep: 4 } })
  await train(config, { folder, onWarning: () => undefined })
  run = await openRun(folder, { onWarning: () => undefined })
})
afterAll(async () => {
  await run.dispose()
  project[Symbol.dispose]()
})

/** A copy of the run with one of its finished weights changed. */
async function changed(name: string, change: (data: Float32Array) => void): Promise<string> {
  const copy = project.path(`changed-${name.replace('/', '-')}`)
  cpSync(folder, copy, { recursive: true })
  const path = `${copy}/weights.safetensors`
  const file = await openSafetensors(path)
  const tensors = new Map<string, Float32Array>()
  for await (const { name: each, data } of file.read()) tensors.set(each, data.slice())
  await file.close()
  change(tensors.get(name) ?? new Float32Array())
  await writeSafetensors(path, {
    specs: file.tensors,
    async *read(names) {
      for (const each of names) {
        const { shape = [] } = file.tensors.find((tensor) => tensor.name === each) ?? {}
        yield { name: each, shape, data: tensors.get(each) ?? new Float32Array() }
      }
    },
    metadata: file.metadata,
  })
  return copy
}

describe('the diagnosis of a run', () => {
  it('is a verdict, findings, and a page that shows them and loads nothing', async () => {
    const { verdict, findings, page, pictures, evaluation, confused } = await run.diagnose()
    expect(page).toContain(verdict)
    for (const { says, advice } of findings) {
      expect(page).toContain(says)
      expect(page).toContain(advice)
    }
    expect(page).not.toMatch(/https?:|<script|<link/)
    expect(pictures.map(({ name }) => name)).toContain('filters-1')
    for (const { png } of pictures) expect(page).toContain(Buffer.from(png).toString('base64'))
    const wrong = evaluation.samples - evaluation.confusion.reduce((sum, row, at) => sum + (row[at] ?? 0), 0)
    expect(confused.reduce((sum, { count }) => sum + count, 0)).toBe(wrong)
    expect(pictures.filter(({ name }) => name.startsWith('mistake-'))).toHaveLength(Math.min(8, wrong))
    // The way of a step is known from the checkpoints.
    expect(await run.history()).toHaveLength(4)
    expect(page).not.toContain('<td>–</td></tr>')
  })

  it('finds a filter that was made to never fire', async () => {
    const copy = await changed('conv2d/bias', (bias) => bias.fill(-1e6, 1, 2))
    await using sick = await openRun(copy, { onWarning: () => undefined })
    const { findings } = await sick.diagnose({ mistakes: 2 })
    expect(findings).toContainEqual(expect.objectContaining({ kind: 'dead-units', layer: 'conv2d', units: [1] }))
  })

  it('is of a network that makes no mistakes, too', async () => {
    const copy = await changed('dense/bias', (bias) => bias.fill(1e6, 0, 1))
    await using sure = await openRun(copy, { onWarning: () => undefined })
    const roses = await project.pictures({ classes: ['rose'], into: 'roses' })
    const { evaluation, confused, pictures, page } = await sure.diagnose({ data: roses })
    expect([evaluation.top1, confused, pictures.length]).toEqual([1, [], 1])
    expect(page).toContain('100.0 %')
  })

  it('is of other images and of weights alone, where it is asked for them', async () => {
    await using weights = await openWeights(`${folder}/weights.safetensors`, { as: 'tiny', onWarning: () => undefined })
    const { evaluation, page } = await weights.diagnose({ data: source, split: 'all', limit: 6, samples: 4 })
    expect(evaluation.samples).toBe(6)
    expect(page).toContain('4 images were looked at')
    await expect(weights.diagnose()).rejects.toMatchObject({ hint: expect.stringContaining('data') })
  })

  it('is that of the function of @convzoo/visualize/inside, which takes a run as it is', async () => {
    const { evaluation, findings } = await run.diagnose()
    const { dataset, classes } = evaluation
    const own = await diagnose(run, { dataset, classes, history: await run.history() })
    expect(own.findings).toEqual(findings)
  })
})
