import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { metricsOf, smallRun } from './testing/convzoo.js'
import { Project } from './testing/project.js'

const project = new Project('training-settings')
const { convzoo } = project

const settings = [
  ...['--schedule', 'oneCycle', '--rise', '0.5', '--validation-split', '0.2'],
  ...['--parameter-groups', 'bias$ learningRate=2 weightDecay=0', '--class-weights', 'balanced'],
  ...['--sampling', 'balanced', '--average-from', '2', '--average-every', '2'],
  ...['--checkpoint-storage', 'bfloat16', '--checkpoint-monitor', 'validation.top1', '--checkpoint-keep', '3'],
  ...['--callback', 'reduceOnPlateau', '--reduce-on-plateau-patience', '1'],
  ...['--reduce-on-plateau-monitor', 'validationOf.current.top1', '--reduce-on-plateau-better', 'lower'],
]

describe('the settings of a training', () => {
  it('are taken from flags, written down, and there again in a run that goes on', () => {
    const run = join(project.place(), 'run')
    const { status, stderr, lines } = convzoo(...smallRun(run, '--epochs', '2', ...settings))
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('Error')])
    expect(lines).toContainEqual(expect.stringMatching(/^disk {4}up to [\d.]+ [kM]B: checkpoints of/))
    expect(lines).toContainEqual(expect.stringMatching(/^storage checkpoints in bfloat16 lose 16 of the 24 bits/))
    expect(lines).toContainEqual(expect.stringMatching(/^epoch 2\/2 .*% by averages, [\d.]+ % by weights/))
    const { training, checkpoints } = JSON.parse(readFileSync(join(run, 'config.json'), 'utf8'))
    expect(training).toMatchObject({
      parameterGroups: [{ match: 'bias$', learningRate: 2, weightDecay: 0 }],
      classWeights: 'balanced',
      sampling: 'balanced',
      average: { from: 2, every: 2 },
    })
    expect(checkpoints).toMatchObject({ storage: 'bfloat16', monitor: 'validation.top1', keep: 3 })
    expect(existsSync(join(run, 'best.safetensors'))).toBe(true)
    const epochs = metricsOf(run).filter(({ type }) => type === 'epoch')
    expect(epochs).toHaveLength(2)
    for (const { validation, validationOf } of epochs) expect(validationOf).toMatchObject({ average: validation })

    const resumed = convzoo('train', '--resume', run, '--epochs', '3')
    expect([resumed.status, resumed.stderr]).toEqual([0, expect.stringContaining('holds its weights in bfloat16')])
  })

  it.each([
    [['--parameter-groups', 'gamma$ weightDecay=0'], 'A group of parameters has no weight.'],
    [['--class-weights', 'eleven=2'], 'names a class that there is not'],
    [['--average', '0.9', '--average-from', '2'], 'how averages are kept'],
    [['--sampling', 'even'], '--sampling'],
  ])('are refused in words: %j', (flags, message) => {
    const { status, stderr } = convzoo(...smallRun(join(project.place(), 'run'), ...flags))
    expect([status, stderr]).toEqual([2, expect.stringContaining(message)])
  })
})
