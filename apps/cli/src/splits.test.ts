import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { metricsOf, smallRun } from './testing/convzoo.js'
import { pathsOf, picturesIn, trainOn } from './testing/photographs.js'
import { Project } from './testing/project.js'

const { folder, convzoo } = new Project('splits')

const typesOf = (run: string) => metricsOf(run).flatMap(({ type }) => (type === 'step' ? [] : [type]))
const validationsOf = (run: string) =>
  metricsOf(run).flatMap(({ type, validation }) => (type === 'epoch' ? [validation !== undefined] : []))

describe('a source with three splits', () => {
  it('is validated on one after each epoch and tested on another at the end', async () => {
    const paths = ['train', 'val', 'test'].flatMap((split, place) =>
      pathsOf(['apple', 'berry'], [5, 3, 2][place]).map((path) => `${split}/${path}`),
    )
    const data = await picturesIn(join(folder, 'three'), paths)
    const run = join(folder, 'three-run')
    const { status, stdout, lines } = convzoo(...trainOn(data, run, '--epochs', '2'))
    expect(status).toBe(0)
    expect(stdout).toContain('10 images to train on, 6 to validate on, 4 to test on')
    expect(lines.filter((line) => line.startsWith('epoch'))).toEqual([
      expect.stringMatching(/validation accuracy \d/),
      expect.stringMatching(/validation accuracy \d/),
    ])
    expect(lines.at(-2)).toMatch(/^4 test images/)
    expect(lines.at(-1)).toMatch(/^test accuracy \d/)
    expect(typesOf(run)).toEqual(['epoch', 'epoch', 'test'])
    expect(readFileSync(join(run, 'curves.svg'), 'utf8')).toMatch(/>validation<[\s\S]*>test</)
    expect(convzoo('evaluate', run).lines.at(-1)).toBe(lines.at(-1))
    expect(convzoo('evaluate', run, '--split', 'validation').lines.at(-1)).toMatch(/^validation accuracy/)
    expect(convzoo('evaluate', run, '--split', 'all').lines[0]).toMatch(/^20 images/)
    expect(convzoo('predict', run, '--split', 'validation').lines[0]).toMatch(/three\/val validation 0: apple/)
    const divided = convzoo(...trainOn(data, join(folder, 'never'), '--validation-split', '0.3'))
    expect([divided.status, divided.stderr]).toEqual([2, expect.stringMatching(/--validation-split/)])
  })
})

describe('a source without splits', () => {
  it('calls its last word validation, everywhere', async () => {
    const data = await picturesIn(join(folder, 'one'), pathsOf(['apple', 'berry']))
    const run = join(folder, 'one-run')
    const { status, stdout, stderr, lines } = convzoo(...trainOn(data, run, '--epochs', '2'))
    expect(status).toBe(0)
    expect(lines.at(-1)).toMatch(/^validation accuracy \d/)
    expect(stdout + stderr).not.toMatch(/\btest/)
    expect(typesOf(run)).toEqual(['epoch', 'epoch', 'validation'])
    expect(convzoo('train', '--resume', run).lines.at(-1)).toBe(lines.at(-1))
    expect(convzoo('evaluate', run).lines.at(-1)).toBe(lines.at(-1))
  })

  it('of one class is refused, and what is odd about the others is said', async () => {
    const one = await picturesIn(join(folder, 'single'), pathsOf(['apple']))
    const refused = convzoo(...trainOn(one, join(folder, 'single-run')))
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringMatching(/one class/)])
    const odd = await picturesIn(join(folder, 'odd'), [...pathsOf(['apple'], 12), ...pathsOf(['berry'], 2)])
    const { status, stderr } = convzoo(...trainOn(odd, join(folder, 'odd-run'), '--limit', '4'))
    expect([status, stderr]).toEqual([0, expect.stringMatching(/berry/)])
    expect(convzoo('data', 'inspect', odd).stdout).toMatch(/berry/)
  })
})

describe('a set with a test split alone', () => {
  it('is tested at the end and validated where images are set aside for it', () => {
    const run = join(folder, 'tested')
    expect(convzoo(...smallRun(run, '--epochs', '2')).lines.at(-1)).toMatch(/^test accuracy/)
    expect(validationsOf(run)).toEqual([false, false])
    const every = convzoo(...smallRun(join(folder, 'never'), '--epochs', '2', '--validate-every', '2'))
    expect([every.status, every.stderr]).toEqual([
      2,
      expect.stringMatching(/--validate-every[\s\S]*--validation-split/),
    ])
    const both = join(folder, 'both')
    const { stdout, lines } = convzoo(
      ...smallRun(both, '--epochs', '3', '--validation-split', '0.1', '--validate-every', '2'),
    )
    expect(stdout).toContain('10 images to train on, 20 to validate on, 20 to test on')
    expect(validationsOf(both)).toEqual([false, true, true])
    expect(lines.at(-1)).toMatch(/^test accuracy/)
  })
})
