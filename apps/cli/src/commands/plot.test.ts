import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-plot-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

function plot(id: string, output: string, ...flags: string[]) {
  const parameters = [cli, 'plot', id, '-o', output, ...flags]
  const { status, stdout, stderr } = spawnSync(process.execPath, parameters, { encoding: 'utf8', cwd: folder })
  return { status, stdout, stderr, read: () => readFileSync(join(folder, output)) }
}

describe('convzoo plot', () => {
  it('draws the two towers: 29 boxes, 35 arrows, every text in its place', () => {
    const { status, stderr, read } = plot('alexnet-twotower', 'towers.svg', '--rankdir', 'LR', '--show-shapes')
    expect([status, stderr]).toEqual([0, ''])
    const svg = read().toString()
    expect(svg.match(/class="node"/g)).toHaveLength(29)
    expect(svg.match(/class="edge"/g)).toHaveLength(35)
    for (const text of ['conv2d_9', 'MaxPooling2D', 'input:', '(None, 55, 55, 48)', '[(None, 21632), (None, 21632)]']) {
      expect(svg, text).toContain(`>${text}</text>`)
    }
    const [, width, height] = /width="(\d+)pt" height="(\d+)pt"/.exec(svg) ?? []
    expect(Number(width)).toBeGreaterThan(10 * Number(height))
  })

  it('writes DOT with what it is told to show', () => {
    const label = (...flags: string[]) =>
      /"conv2d_1" \[label="(.*)"\]/.exec(
        plot('zfnet', 'a.dot', ...flags)
          .read()
          .toString(),
      )?.[1]
    expect(label()).toBe('conv2d_1|Conv2D')
    expect(label('--no-layer-names', '--show-dtype')).toBe('Conv2D|float32')
    expect(label('--show-layer-names', '--show-layer-activations', '--show-shapes', '--input', '35x35x1')).toBe(
      '{conv2d_1|{Conv2D|relu}}|{input:|output:}|{{(None, 7, 7, 96)}|{(None, 7, 7, 256)}}',
    )
  })

  it('writes PNG over a file that is there, and leaves nothing else', () => {
    writeFileSync(join(folder, 'over.png'), 'old')
    const { status, read } = plot('nin', 'over.png', '--classes', '10')
    expect(status).toBe(0)
    expect([...read().subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47])
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  it.each([
    ['an unknown ending', ['alexnet', 'model.gif'], /ends in one of \.dot, \.svg, \.png[\s\S]*model\.gif/],
    ['no ending', ['alexnet', 'model'], /ends in one of \.dot, \.svg, \.png/],
    [
      'a folder that is not there',
      ['alexnet', 'no/where/a.dot'],
      /the folder no\/where does not exist[\s\S]*make the folder/,
    ],
    ['another direction', ['alexnet', 'a.dot', '--rankdir', 'RL'], /--rankdir[\s\S]*one of TB, LR[\s\S]*RL/],
    ['an unknown network', ['alexnt', 'a.dot'], /did you mean alexnet/],
  ] as const)('%s exits with 2 and writes nothing', (_, [id, output, ...flags], message) => {
    const before = readdirSync(folder)
    const { status, stdout, stderr } = plot(id, output, ...flags)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/^ {4}at /m)
    expect(readdirSync(folder)).toEqual(before)
  })
})
