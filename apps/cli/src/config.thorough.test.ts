import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { smallRun } from './testing/convzoo.js'
import { Project } from './testing/project.js'

const { folder, convzoo } = new Project('config-thorough')

const at = (...parts: string[]): string => join(folder, ...parts)
const weightsOf = (run: string): Buffer => readFileSync(at(run, 'weights.safetensors'))
const configOf = (run: string) => JSON.parse(readFileSync(at(run, 'config.json'), 'utf8'))

describe('a configuration in a file', () => {
  it('gives way to flags', () => {
    const { status } = convzoo(...smallRun(at('first'), '--optimizer', 'adamw', '--beta1', '0.8'))
    expect(status).toBe(0)
    const config = at('first', 'config.json')
    expect(
      convzoo('train', '--config', config, '--optimizer', 'adamw', '--beta1', '0.7', '--run', at('other')).status,
    ).toBe(0)
    expect(configOf('other').optimizer).toEqual({ ...configOf('first').optimizer, beta1: 0.7 })
    expect(weightsOf('other').equals(weightsOf('first'))).toBe(false)
    // Another optimizer has options of its own.
    const plain = convzoo('train', '--config', config, '--optimizer', 'sgd', '--run', at('plain'))
    expect([plain.status, configOf('plain').optimizer]).toEqual([
      0,
      expect.objectContaining({ name: 'sgd', momentum: 0.9, weightDecay: 5e-4 }),
    ])
  })
})

describe('flags of a callback', () => {
  it('end a run early, which goes on with more patience', () => {
    const early = ['--callback', 'early-stopping', '--early-stopping-monitor', 'training.loss']
    const least = ['--early-stopping-minimum-delta', '99', '--early-stopping-patience', '1']
    expect(convzoo(...smallRun(at('early'), '--epochs', '4', '--average', '0.9'), ...early, ...least).status).toBe(0)
    expect(convzoo('train', '--resume', at('early')).stdout).toContain('is finished: 2 epochs')
    const more = convzoo('train', '--resume', at('early'), '--early-stopping-patience', '2')
    expect([more.status, more.stdout]).toEqual([0, expect.stringContaining('ended after 3 epochs')])
    expect(configOf('early').callbacks).toMatchObject([
      { name: 'earlyStopping', monitor: 'training.loss', patience: 2 },
    ])
  })
})
