import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { convzoo } from './testing/convzoo.js'
import { Project } from './testing/project.js'

const { folder } = new Project('whitening-thorough')

const digits = ['--data', 'mnist', '--limit', '12', '--test-limit', '20', '--batch-size', '4']

describe('a network whose pictures are whitened', () => {
  it('is asked and resumed by what was fitted to its training images', { timeout: 600_000 }, () => {
    const run = join(folder, 'run')
    const train = ['train', 'nin.cifar10', '--input', '8x8x1', ...digits, '--device', 'cpu', '--run', run]
    expect(convzoo(...train).status).toBe(0)
    expect(convzoo('predict', run, '--split', 'test', '--index', '0').status).toBe(0)
    expect(convzoo('train', '--resume', run, '--epochs', '2').status).toBe(0)

    // Without the file nothing is seen as it was.
    const file = join(run, 'whitening.safetensors')
    copyFileSync(file, join(folder, 'kept'))
    rmSync(file)
    expect(convzoo('evaluate', run).stderr).toContain('whitening.safetensors')
    copyFileSync(join(folder, 'kept'), file)
    expect(convzoo('evaluate', run, '--limit', '20').status).toBe(0)
  })
})
