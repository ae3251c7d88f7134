import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { metricsOf, smallRun } from './testing/convzoo.js'
import { Project } from './testing/project.js'

const { folder, convzoo } = new Project('log-format')

/** Each line as a value, if each is one. */
const valuesOf = (lines: readonly string[]): Record<string, unknown>[] => lines.map((line) => JSON.parse(line))

describe('--log-format json', () => {
  it('has train say on stdout an object a line, from its start to its score, and evaluate as well', () => {
    const run = join(folder, 'run')
    const { status, stderr, lines } = convzoo(...smallRun(run, '--epochs', '2', '--log-format', 'json'))
    expect([status, stderr]).toEqual([0, ''])
    const said = valuesOf(lines)
    const of = (type: string) => said.filter((each) => each.type === type)
    expect(of('start')).toMatchObject([{ folder: run, epochs: 2, batchSize: 4, steps: 6, resumed: false }])
    expect(of('step').map(({ step }) => step)).toEqual(expect.arrayContaining([3, 6]))
    expect(of('step')[0]).toMatchObject({ secondsLeft: expect.any(Number), epochSecondsLeft: expect.any(Number) })
    const records = metricsOf(run)
    expect(of('epoch')).toMatchObject(records.filter((record) => record.type === 'epoch'))
    const { type: split, ...score } = records.at(-1) ?? {}
    expect(said.at(-1)).toMatchObject({ type: 'end', completed: true, exitCode: 0, score: { split, ...score } })
    const picture = join(folder, 'mistakes.png')
    const evaluated = convzoo('evaluate', run, '--limit', '20', '--mistakes', picture, '--log-format', 'json')
    expect([evaluated.status, evaluated.stderr]).toEqual([0, ''])
    const { top1, loss } = score
    expect(valuesOf(evaluated.lines).at(-1)).toMatchObject({ type: 'end', split, top1, loss, picture })
  })

  it('has stderr say in an object what was refused, and stdout nothing', () => {
    const refused = [
      [['train', 'tiny', '--data', 'nowhere'], { kind: 'file', what: /nowhere/ }],
      [['train', 'tiny', '--epoch', '2'], { kind: 'option', what: /unknown option '--epoch'/ }],
    ] as const
    for (const [parameters, { kind, what }] of refused) {
      const { status, stdout, stderr } = convzoo(...parameters, '--log-format', 'json')
      expect([status, stdout]).toEqual([2, ''])
      expect(JSON.parse(stderr)).toMatchObject({ type: 'error', kind, what: expect.stringMatching(what), exitCode: 2 })
    }
  })

  it('is refused beside another form, and so is a format that there is not', () => {
    const { status, stderr } = convzoo('train', 'tiny', '--data', 'mnist', '--log-format', 'xml')
    expect([status, stderr]).toEqual([2, expect.stringMatching(/--log-format[\s\S]*one of text, json[\s\S]*xml/)])
    const both = convzoo('evaluate', 'run', '--json', '--log-format', 'json')
    expect(both.status).toBe(2)
    expect(JSON.parse(both.stderr)).toMatchObject({ received: '--json, --log-format json' })
  })
})
