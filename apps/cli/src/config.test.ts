import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { metricsOf, smallRun } from './testing/convzoo.js'
import { Project } from './testing/project.js'

const { folder, convzoo } = new Project('config')

const at = (...parts: string[]): string => join(folder, ...parts)
const weightsOf = (run: string): Buffer => readFileSync(at(run, 'weights.safetensors'))
const configOf = (run: string) => JSON.parse(readFileSync(at(run, 'config.json'), 'utf8'))

describe('a configuration in a file', () => {
  it('of a run repeats it exactly', () => {
    const { status } = convzoo(
      ...smallRun(at('first'), '--optimizer', 'adamw', '--beta1', '0.8', '--schedule', 'cosine', '--warm-up', '1'),
    )
    expect(status).toBe(0)
    const config = at('first', 'config.json')
    expect(convzoo('train', '--config', config, '--run', at('again')).status).toBe(0)
    expect(weightsOf('again').equals(weightsOf('first'))).toBe(true)
    expect(configOf('again')).toEqual(configOf('first'))
  })

  it('may be YAML that a person writes', () => {
    writeFileSync(
      at('run.yaml'),
      `# what a student would write
network: { id: tiny, input: 28x28x1 }
data: { source: mnist, limit: 10, testLimit: 20 }
training: { batchSize: 4 }
optimizer: { name: sgdL2, learningRate: 0.01, clipping: { globalNorm: 1 } }
schedule: cosine
`,
    )
    const { status, lines } = convzoo('train', '--config', 'run.yaml', '--run', 'yaml')
    expect([status, lines.at(-1)]).toEqual([0, expect.stringMatching(/^test accuracy/)])
    expect(configOf('yaml')).toMatchObject({
      network: { id: 'tiny.only', input: [28, 28, 1] },
      optimizer: { name: 'sgdL2', learningRate: 0.01, clipping: { globalNorm: 1 }, momentum: 0.9 },
      schedule: { name: 'cosine', final: 0, warmUp: 0 },
    })
  })

  it.each([
    [
      'a section that there is not',
      '{ "network": "nin", "data": "mnist", "optimiser": "sgd" }',
      /did you mean optimizer/,
    ],
    [
      'an option that there is not',
      '{ "network": "nin", "data": "mnist", "optimizer": { "name": "sgd", "beta1": 1 } }',
      /beta1/,
    ],
    [
      'a value of another kind',
      '{ "network": "nin", "data": "mnist", "training": { "epochs": "many" } }',
      /"epochs"[\s\S]*whole number/,
    ],
    [
      'a name that there is not',
      '{ "network": "nin", "data": "mnist", "loss": "hinge" }',
      /--loss[\s\S]*categoricalCrossentropy/,
    ],
    ['no network', '{ "data": "mnist" }', /id of a network/],
    ['no data', '{ "network": "nin" }', /--data/],
    ['no object', '[1, 2]', /network/],
    ['what is no YAML', '{ "network": ', /config|run\.json|cannot be read/],
  ])('with %s is refused', (name, text, message) => {
    const file = at(`${name.replaceAll(' ', '-')}.json`)
    writeFileSync(file, text)
    const { status, stderr, stdout } = convzoo('train', '--config', file, '--run', at('none'))
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/^ {4}at /m)
  })
})

describe('the flags of train', () => {
  it('stand in groups, and say what a run takes where nothing is said', () => {
    const { stdout } = convzoo('train', '--help')
    const groups = [
      'Data',
      'Network',
      'Training',
      'Checkpoints',
      'Optimizer',
      'Learning rate',
      'Loss',
      'Engine',
      'Callbacks',
    ]
    for (const group of groups) expect(stdout).toMatch(new RegExp(`^${group}:$`, 'm'))
    const text = stdout.replaceAll(/\s+/g, ' ')
    expect(text).toMatch(/--momentum <number> [^-]*velocity \(0\.9\)/)
    expect(text).toMatch(/--beta1 <number> adamW: [^-]*\(0\.9\)/)
  })

  it('are those of the optimizer that is chosen', () => {
    const { stdout } = convzoo('train', '--optimizer', 'adamw', '--help')
    expect(stdout).toContain('--beta1')
    expect(stdout).not.toContain('--nesterov')
  })

  it('end a run early by a callback of that name, and keep averages', () => {
    const early = [
      '--callback',
      'early-stopping',
      '--early-stopping-monitor',
      'training.loss',
      '--early-stopping-minimum-delta',
      '99',
    ]
    const { status, stdout } = convzoo(
      ...smallRun(at('early'), '--epochs', '4', '--average', '0.9', '--micro-batch-size', '2'),
      ...[...early, '--early-stopping-patience', '1'],
    )
    expect(status).toBe(0)
    expect(stdout).toMatch(/ended after 2 epochs: training\.loss has not been lower/)
    expect(metricsOf(at('early')).filter(({ type }) => type === 'epoch')).toHaveLength(2)
    expect(configOf('early').callbacks).toMatchObject([
      { name: 'earlyStopping', monitor: 'training.loss', patience: 1 },
    ])
  })
})
