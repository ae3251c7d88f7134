import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { metricsOf, smallRun } from './testing/convzoo.js'
import { pathsOf, picturesIn, trainOn } from './testing/photographs.js'
import { Project } from './testing/project.js'

const { folder, convzoo } = new Project('metrics')
const run = join(folder, 'run')

/** A package with a metric: the part of images that are taken for the first class. */
const plugin = `
  import { described, integer, optional } from '@convzoo/core/define'
  import { defineMetric } from '@convzoo/trainer'
  export const taken = defineMetric({
    specification: 'metric/v1',
    name: 'taken',
    title: 'the part of images that are taken for a class',
    options: { for: described('which class', optional(integer(0), 0)) },
    create: (options) => ({
      begin() {
        let count = 0
        let all = 0
        return {
          add({ samples, predictions }) {
            for (let row = 0; row < samples; row++) if (predictions[row] === options.for) count++
            all += samples
          },
          result: () => count / all,
        }
      },
    }),
  })
`

beforeAll(() => {
  const at = join(folder, 'node_modules/convzoo-taken')
  mkdirSync(at, { recursive: true })
  const manifest = { name: 'convzoo-taken', version: '1.0.0', type: 'module', exports: './main.js' }
  writeFileSync(join(at, 'package.json'), JSON.stringify({ ...manifest, convzoo: { 'metric/v1': ['taken'] } }))
  writeFileSync(join(at, 'main.js'), plugin)
  const dependencies = { 'convzoo-tiny': '*', 'convzoo-taken': '*' }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'program', dependencies }))
  mkdirSync(join(at, 'node_modules/@convzoo'), { recursive: true })
  for (const name of ['core', 'trainer']) {
    const to = fileURLToPath(new URL(`../../../packages/${name}`, import.meta.url))
    symlinkSync(to, join(at, 'node_modules/@convzoo', name), 'junction')
  }
  expect(
    convzoo(...smallRun(run, '--validation-split', '0.1', '--metric', 'topK:k=3,taken', '--metric', 'recall')).status,
  ).toBe(0)
})

describe('the metrics of a run', () => {
  it('that are chosen are recorded at each validation and at the end, those of a plugin among them', () => {
    const scores = metricsOf(run).flatMap(({ type, validation, metrics }) =>
      type === 'epoch' ? [Reflect.get(Object(validation), 'metrics')] : type === 'test' ? [metrics] : [],
    )
    expect(scores).toHaveLength(2)
    for (const each of scores) expect(Object.keys(each)).toEqual(['top3', 'taken', 'recall'])
    expect(convzoo('list').stdout).toMatch(/metric topK .*[\s\S]*metric taken .*convzoo-taken@1\.0\.0/)
  })

  it('are printed by evaluate, and as JSON and CSV of which all of stdout parses', () => {
    const { lines } = convzoo('evaluate', run)
    const { stdout } = convzoo('evaluate', run, '--json')
    const { top1, top5, metrics, byClass, classes, confusion, samples } = JSON.parse(stdout)
    expect(lines).toEqual(
      expect.arrayContaining([
        `taken ${metrics.taken.toFixed(4)}`,
        `top3 ${metrics.top3.toFixed(4)}`,
        `top-5 accuracy ${(100 * top5).toFixed(2)} %`,
        `test accuracy ${(100 * top1).toFixed(2)} %`,
      ]),
    )
    const taken = confusion.reduce((sum: number, [first]: number[]) => sum + (first ?? 0), 0)
    expect(metrics.taken).toBeCloseTo(taken / samples, 9)
    expect(byClass.map((each: { class: string }) => each.class)).toEqual(classes)
    const rows = convzoo('evaluate', run, '--csv').lines.map((line) => line.split(','))
    expect(rows[0]).toEqual(['measure', 'class', 'predicted', 'value'])
    expect(rows.every((row) => row.length === 4)).toBe(true)
    expect(rows).toContainEqual(['taken', '', '', String(metrics.taken)])
    expect(rows).toContainEqual(['recall', '3', '', String(byClass[3].recall)])
    expect(rows.filter(([measure]) => measure === 'confusion')).toHaveLength(100)
  })

  it('are refused in words where an option of one does not fit', () => {
    const { status, stdout, stderr } = convzoo('evaluate', run, '--metric', 'topk:k=0', '--json')
    expect([status, stdout, stderr]).toEqual([2, '', expect.stringMatching(/"k" of metric topK/)])
  })
})

describe('top-5', () => {
  it('is not shown where there are five classes or fewer', async () => {
    const data = await picturesIn(join(folder, 'fruit'), pathsOf(['apple', 'berry']))
    const two = join(folder, 'two')
    const trained = convzoo(...trainOn(data, two))
    expect(trained.lines.at(-2)).toMatch(/^\d+ validation images \| loss \d+\.\d+$/)
    const shown = [trained, convzoo('evaluate', two), convzoo('evaluate', two, '--json')]
    expect(shown.map(({ status }) => status)).toEqual([0, 0, 0])
    expect(shown.map(({ stdout }) => stdout).join('')).not.toMatch(/top-?5/)
  })
})
