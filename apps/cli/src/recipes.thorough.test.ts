import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { smallRun } from './testing/convzoo.js'
import { Project } from './testing/project.js'

const { folder, convzoo } = new Project('recipes-thorough')

describe('the recipe of a run', () => {
  it.each([
    ['modern, whatever it does not say', [], 'modern: adamW at 0.0003, cosine, batches of 4, 1 epoch'],
    [
      'one of which another thing than the optimizer is left',
      ['--optimizer', 'sgdw'],
      'modern, but --optimizer sgdw: sgdw at 0.001, cosine, batches of 4, 1 epoch',
    ],
    [
      'none where its batches alone would be left, but were said otherwise',
      ['--recipe', 'paper', '--optimizer', 'sgdw', '--epochs', '1'],
      'none: sgdw at 0.001, cosine, batches of 4, 1 epoch',
    ],
    [
      'one of which the epochs alone are left',
      ['--recipe', 'paper', '--optimizer', 'sgdw', '--epochs', '2'],
      'paper, but --optimizer sgdw --batch-size 4: sgdw at 0.001, cosine, batches of 4, 2 epochs',
    ],
  ])('is said in a line: %s', (title, flags, line) => {
    const { status, stderr, lines } = convzoo(...smallRun(join(folder, title.replaceAll(/\W/g, '-'))), ...flags)
    expect(status, stderr).toBe(0)
    expect(lines).toContain(`recipe  ${line}`)
  })
})
