import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { smallRun } from './testing/convzoo.js'
import { Project } from './testing/project.js'

const fashion = fileURLToPath(new URL('../../../packages/data/src/fixtures/fashion-mnist', import.meta.url))

const { folder, convzoo } = new Project('mistakes')

/** Width and height of a PNG, from its header. */
function sizeOf(path: string): readonly number[] {
  const png = readFileSync(path)
  expect([...png.subarray(1, 4)]).toEqual([...Buffer.from('PNG')])
  return [png.readUInt32BE(16), png.readUInt32BE(20)]
}

describe('evaluate --mistakes', () => {
  it.each([
    ['a set that is known by name', []],
    ['a folder of files', ['--data', fashion]],
  ])('draws the mistakes on %s', (name, source) => {
    const run = join(folder, name.replaceAll(' ', '-'))
    expect(convzoo(...smallRun(run, '--input', '67x67x1', ...source)).status).toBe(0)
    const sheet = join(folder, `${name.replaceAll(' ', '-')}.png`)
    const { status, stderr, lines } = convzoo('evaluate', run, '--limit', '10', '--mistakes', sheet)
    expect(status).toBe(0)
    const [, part = ''] = /^test accuracy (\d+\.\d+) %$/.exec(lines.at(-1) ?? '') ?? []
    const mistakes = 10 - Math.round(Number(part) / 10)
    expect(mistakes).toBeGreaterThan(0)
    expect(stderr).toContain(`${mistakes} mistakes: ${sheet}`)
    // Images of 67 pixels thrice as large, at most eight in a row, four pixels between them, a footer of 14.
    const rows = Math.ceil(mistakes / 8)
    expect(sizeOf(sheet)).toEqual([3 * (4 + 71 * Math.min(mistakes, 8)), 3 * (4 + 85 * rows)])
  })

  it('into a folder that is not there exits with 2 after the scores', () => {
    const sheet = join(folder, 'nowhere', 'worst.png')
    const run = join(folder, 'run')
    expect(convzoo(...smallRun(run)).status).toBe(0)
    const { status, stderr, lines } = convzoo('evaluate', run, '--limit', '10', '--mistakes', sheet)
    expect(status).toBe(2)
    expect(lines.at(-1)).toMatch(/^test accuracy/)
    expect(stderr).toMatch(/worst\.png cannot be written[\s\S]*does not exist/)
    expect(existsSync(sheet)).toBe(false)
  })
})
