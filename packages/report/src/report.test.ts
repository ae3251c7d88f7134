import { createHash } from 'node:crypto'
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { report, writeReport } from './index.js'
import { dataOf, metricsOf, Project } from './testing/project.js'

const project = new Project()
// Windows has no such letters in the names of files.
const hostile =
  process.platform === 'win32'
    ? ['&lt;b&gt;', "'];alert`1`;"]
    : ['<img src=x onerror=alert(1)>', "'];alert`1`;<script>"]
const run = project.path('runs/first')
/** Whether the page was there after each epoch. */
const there: boolean[] = []
let html = ''
beforeAll(async () => {
  const source = await project.pictures(hostile)
  // Weights that learn nothing take all for one class.
  const optimizer = { name: 'sgdw', learningRate: 1e-9 }
  const callbacks = [{ onEpoch: () => void there.push(existsSync(join(run, 'report.html'))) }]
  const training = { epochs: 2, batchSize: 4, gradientNorm: true }
  await project.train(source, run, { callbacks: [{ name: 'report' }], optimizer, training }, { callbacks })
  html = readFileSync(join(run, 'report.html'), 'utf8')
})
afterAll(() => project[Symbol.dispose]())

describe('the page of a run that names the callback', () => {
  it('is there from the first epoch on, and shows at last how the run ended', () => {
    expect(there[0]).toBe(true)
    const { progress } = dataOf(html)
    expect(progress).toMatchObject({ state: 'finished', steps: 4, epochs: 2, planned: 2 })
    const { samples, loss, top1 } = metricsOf(run).at(-1) ?? {}
    expect(progress.last).toEqual({ split: 'validation', samples, loss, top1 })
  })

  it('shows the values of metrics.jsonl', () => {
    const { charts } = dataOf(html).progress
    const lineOf = (id: string, name: string) => {
      const chart = charts.find((each) => each.id === id)
      const values = chart?.lines.find((each) => each.name === name)?.values ?? []
      return chart?.places.flatMap((place, at) => (values[at] === null ? [] : [[place, values[at]]]))
    }
    const steps = metricsOf(run).filter(({ type }) => type === 'step')
    const epochs = metricsOf(run).filter(({ type }) => type === 'epoch')
    const ofSteps = (value: (step: Record<string, number>) => number) =>
      steps.map((step) => [Number(step.step) + 1, value(step as Record<string, number>)])
    expect(lineOf('loss', 'training')).toEqual(ofSteps(({ loss = 0 }) => loss))
    expect(lineOf('loss', 'validation')).toEqual(
      epochs.map(({ validation }, at) => [2 * (at + 1), Reflect.get(Object(validation), 'loss')]),
    )
    expect(lineOf('accuracy', 'training')).toEqual(
      epochs.map(({ training }, at) => [at + 1, Reflect.get(Object(training), 'top1')]),
    )
    expect(lineOf('learning-rate', 'learning rate')).toEqual(ofSteps(({ learningRate = 0 }) => learningRate))
    const norms = ofSteps(({ gradientNorm = Number.NaN }) => gradientNorm)
    expect(norms.every(([, norm = 0]) => norm > 0)).toBe(true)
    expect(lineOf('gradient-norm', 'norm before clipping')).toEqual(norms)
    expect(lineOf('throughput', 'images per second')).toEqual(
      ofSteps(({ samples = 0, seconds = 1 }) => samples / seconds),
    )
    expect(lineOf('data-wait', 'part of the time')).toEqual(ofSteps(({ waited = 0, seconds = 1 }) => waited / seconds))
  })

  it('shows what was taken for what, class by class, and the worst mistakes by name', () => {
    const { look } = dataOf(html)
    const { rows } = JSON.parse(readFileSync(join(run, 'confusion.json'), 'utf8'))
    expect(look.confusion?.rows).toEqual(rows)
    expect(look.classes.map(({ name, samples }) => [name, samples])).toEqual(
      look.confusion?.classes.map((name, index) => [
        name,
        rows[index].reduce((sum: number, each: number) => sum + each, 0),
      ]),
    )
    expect(look.mistakes).toHaveLength(rows[0][1] + rows[1][0])
    expect(look.mistakes.length).toBeGreaterThan(0)
    for (const { name, truth } of look.mistakes) expect(name.replaceAll('\\', '/')).toContain(truth.slice(0, 5))
  })

  it('shows the filters of the first layer, and where the network looked for its mistakes', () => {
    const { look } = dataOf(html)
    const isPng = (base64: string | undefined): boolean =>
      Buffer.from(base64 ?? '', 'base64')
        .subarray(1, 4)
        .toString() === 'PNG'
    expect(isPng(look.filters)).toBe(true)
    expect(look.mistakes.map(({ maps }) => isPng(maps))).toEqual(look.mistakes.map(() => true))
    expect(new Set(look.mistakes.map(({ maps, png }) => maps === png))).toEqual(new Set([false]))
  })

  it('shows the network, what it sees, how it was made and how to make it again', () => {
    const { fixed } = dataOf(html)
    expect(fixed.title).toBe('tiny.only')
    expect(fixed.summary).toContain('conv2d (Conv2D)')
    expect(fixed.picture).toMatch(/<svg /)
    expect(
      Buffer.from(fixed.inputs?.png ?? '', 'base64')
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG')
    expect(fixed.configuration).toContainEqual(['training.epochs', '2'])
    expect(fixed.environment).toContainEqual(['engine', 'onnx'])
    expect(fixed.repeat).toMatch(/^convzoo train --config .*config\.json/)
    expect(fixed.missing).toEqual([])
  })

  it('asks nobody for anything, runs its own script alone, and takes names for text', () => {
    for (const name of hostile) expect(html).not.toContain(name)
    expect(html).not.toMatch(/<(?:link|script|img|iframe)[^>]*(?:src|href)="(?!data:)/)
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1]?.replaceAll('&#39;', "'") ?? ''
    const hashOf = (text = '') => createHash('sha256').update(text).digest('base64')
    const [, script] = /<script type="module">(.*?)<\/script>/s.exec(html) ?? []
    const [, style] = /<style>(.*?)<\/style>/s.exec(html) ?? []
    expect(script?.length).toBeGreaterThan(10_000)
    expect(script).not.toMatch(/(?:^|[;}\n])(?:import|export)\b/)
    expect(policy).toBe(
      `default-src 'none'; script-src 'sha256-${hashOf(script)}'; style-src 'sha256-${hashOf(style)}'; img-src data:; base-uri 'none'; form-action 'none'`,
    )
    expect(html).toContain('uPlot')
    expect(html).toContain('Permission is hereby granted')
  })
})

describe('writeReport', () => {
  it('writes the page of a run that has none, whatever of it is damaged', async () => {
    const damaged = project.path('runs/damaged')
    cpSync(run, damaged, { recursive: true })
    for (const name of ['report.html', 'environment.json']) rmSync(join(damaged, name), { force: true })
    writeFileSync(join(damaged, 'confusion.json'), '{ "classes": ["a"], "rows": [[1, 2]] }')
    expect(await writeReport(damaged)).toBe(join(damaged, 'report.html'))
    const { progress, look, fixed } = dataOf(readFileSync(join(damaged, 'report.html'), 'utf8'))
    expect([progress.state, look.classes, fixed.environment]).toEqual(['finished', [], []])
    await expect(writeReport(project.path('pictures'))).rejects.toMatchObject({ kind: 'file' })
  })
})

describe('the callback', () => {
  it('says once why there is no page, and hinders nothing', async () => {
    const said: string[] = []
    const callback = report({ warn: (line) => void said.push(line) })
    const folder = project.path('runs/hindered')
    const begins = { onTrainBegin: () => void writeFileSync(join(folder, 'environment.json'), '') }
    const hinders = { onEpoch: () => rmSync(join(folder, 'config.json'), { force: true }) }
    const result = await project.train(project.path('pictures'), folder, {}, { callbacks: [begins, hinders, callback] })
    expect(result?.completed).toBe(true)
    expect(said).toEqual([expect.stringMatching(/^The run has no report\.html: .* is not the folder of a run/)])
  })
})
