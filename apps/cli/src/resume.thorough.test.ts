import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { smallRun } from './testing/convzoo.js'
import { Project } from './testing/project.js'

const { folder, convzoo } = new Project('resume-thorough')

describe('a run', () => {
  it('has no checkpoint but those of its epochs where none is ever too old', () => {
    const run = join(folder, 'minutes')
    expect(convzoo(...smallRun(run, '--limit', '40', '--epochs', '2', '--checkpoint-minutes', '0')).status).toBe(0)
    const steps = readdirSync(join(run, 'checkpoints')).map((name) => Number(/\d+/.exec(name)?.[0]))
    expect(steps).toEqual([10, 20])
  })
})

describe('a run that goes on', () => {
  it('says with both rates that epochs were added to a schedule', () => {
    const run = join(folder, 'longer')
    const cosine = ['--schedule', 'cosine', '--learning-rate', '0.001']
    expect(convzoo(...smallRun(run, '--epochs', '2', ...cosine)).status).toBe(0)
    const { status, stderr } = convzoo('train', '--resume', run, '--epochs', '4')
    // After two of four epochs half a cosine stands at its middle; after two of two at its end.
    expect([status, stderr]).toEqual([
      0,
      'The learning rate at step 6 is 0.0005, where it was to be 0: cosine over 4 epochs, not 2 epochs.\n',
    ])
    expect(convzoo(...smallRun(join(folder, 'constant'), '--epochs', '1', '--schedule', 'constant')).status).toBe(0)
    expect(convzoo('train', '--resume', join(folder, 'constant'), '--epochs', '2').stderr).toBe('')
  })
})
