import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { controlC, noTerminal, startOnTerminal } from '../../../tools/pseudo-terminal.mjs'
import { cli, metricsOf, ninRun } from './testing/convzoo.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-terminal-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

describe.skipIf(noTerminal !== undefined)(`on a terminal${noTerminal === undefined ? '' : ` (${noTerminal})`}`, () => {
  // pnpm hands on what the terminal has delivered already; npm and npx do so on some systems. `pnpm verify:kill` has them all.
  it.each([
    ['', [process.execPath, cli]],
    [' through npm exec', ['npm', 'exec', '--', 'convzoo']],
  ] as const)('one Ctrl-C leaves a checkpoint of the last step%s', async (name, command) => {
    const run = join(folder, `run${name.replaceAll(' ', '-')}`)
    const terminal = startOnTerminal([...command, ...ninRun(run, '--limit', '4000')])
    while (metricsOf(run).length < 3 && terminal.isRunning()) await sleep(10)
    terminal.press(controlC)
    const { output } = await terminal.ended
    while (existsSync(join(run, 'lock'))) await sleep(10)
    expect(output).toContain('Stopping after this step')
    const newest = `step-${String(metricsOf(run).length).padStart(8, '0')}.safetensors`
    expect(readdirSync(join(run, 'checkpoints'))).toEqual([newest])
  })
})
