import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { convzoo, metricsOf } from './testing/convzoo.js'
import { Project } from './testing/project.js'

const { folder } = new Project('whitening')

const digits = ['--data', 'mnist', '--limit', '12', '--test-limit', '20', '--batch-size', '4']
const train = (run: string, ...more: string[]) =>
  convzoo('train', 'nin.cifar10', '--input', '8x8x1', ...digits, '--device', 'cpu', '--run', run, ...more)

describe('a network whose pictures are whitened', () => {
  it('is evaluated by what was fitted to its training images', { timeout: 600_000 }, () => {
    const run = join(folder, 'run')
    const { status, stderr, lines } = train(run)
    expect([status, stderr]).toEqual([0, ''])
    const { made } = JSON.parse(readFileSync(join(run, 'config.json'), 'utf8'))
    expect(made.preprocessing.whitening).toEqual({ type: 'zca', contrast: 55, epsilon: 0.1 })
    const { loss } = metricsOf(run).find(({ type }) => type === 'test') ?? {}
    const evaluated = convzoo('evaluate', run, '--limit', '20')
    expect(evaluated.stdout).toContain(`loss ${Number(loss).toFixed(4)}`)
    expect(lines.at(-1)).toMatch(/^test accuracy/)
  })
})
