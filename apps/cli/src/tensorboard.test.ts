import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readScalars } from '@convzoo/tensorboard'
import { beforeAll, describe, expect, it } from 'vitest'
import { pathsOf, picturesIn, trainOn } from './testing/photographs.js'
import { Project } from './testing/project.js'

const project = new Project('tensorboard')
const data = project.path('fruit')
const run = project.path('run')
const events = join(run, 'tensorboard')

beforeAll(async () => {
  await picturesIn(data, pathsOf(['apple', 'berry']))
  expect(project.convzoo(...trainOn(data, run), '--tensorboard').status).toBe(0)
})

/** The points of metrics.jsonl, in single precision. */
function recorded(): readonly { readonly tag: string; readonly step: number; readonly value: number }[] {
  let step = 0
  const lines = readFileSync(join(run, 'metrics.jsonl'), 'utf8').trimEnd().split('\n')
  return lines.flatMap((line) => {
    const record = JSON.parse(line)
    const isStep = record.type === 'step'
    if (isStep) step = record.step + 1
    const values: readonly (readonly [string, unknown])[] = isStep
      ? ['loss', 'learningRate', 'weightDecay', 'seconds', 'waited'].map((name) => [`step/${name}`, record[name]])
      : ['training', 'validation'].flatMap((split) =>
          ['loss', 'top1', 'top5'].map((name) => [`${name}/${split}`, record[split]?.[name]] as const),
        )
    return values.flatMap(([tag, value]) =>
      typeof value === 'number' ? [{ tag, step, value: Math.fround(value) }] : [],
    )
  })
}

const asRecorded = async () => {
  const points = await readScalars(events)
  const known = new Set(recorded().map(({ tag }) => tag))
  return points.filter(({ tag }) => known.has(tag))
}

describe('train --tensorboard', () => {
  it('writes the numbers of metrics.jsonl and the settings into the run, and what goes on with it writes on', async () => {
    expect(await asRecorded()).toEqual(recorded())
    expect(readdirSync(events)).toEqual([expect.stringMatching(/^events\.out\.tfevents\.\d{10}\.convzoo$/)])
    const bytes = readFileSync(join(events, readdirSync(events)[0] ?? ''), 'latin1')
    for (const text of [
      '_hparams_/session_start_info',
      'optimizer.learningRate',
      'weights/conv2d/kernel',
      'gradients/conv2d/kernel',
      'filters/',
    ]) {
      expect(bytes).toContain(text)
    }
    expect(project.convzoo('train', '--resume', run, '--epochs', '3', '--no-report').status).toBe(0)
    expect(readdirSync(events).length).toBe(2)
    expect(await asRecorded()).toEqual(recorded())
    expect(JSON.parse(readFileSync(join(run, 'config.json'), 'utf8')).callbacks).toEqual([
      { name: 'tensorboard', histograms: 1, gradients: true, images: true },
    ])
  })

  it('has options, whose values are checked', () => {
    const more = ['--tensorboard', '--tensorboard-histograms', '-1']
    const { status, stderr } = project.convzoo(...trainOn(data, project.path('other')), ...more)
    expect([status, stderr]).toEqual([2, expect.stringContaining('--tensorboard-histograms')])
  })

  it('leaves gradients out where that is asked for', () => {
    const without = project.path('without')
    const { status } = project.convzoo(...trainOn(data, without), '--tensorboard', '--tensorboard-gradients', 'false')
    expect(status).toBe(0)
    const [name = ''] = readdirSync(join(without, 'tensorboard'))
    const bytes = readFileSync(join(without, 'tensorboard', name), 'latin1')
    expect(bytes).toContain('weights/conv2d/kernel')
    expect(bytes).not.toContain('gradients/')
  })
})
