import { spawn } from 'node:child_process'
import { existsSync, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { cli, metricsOf, smallRun } from './testing/convzoo.js'
import { Project } from './testing/project.js'

const { folder, convzoo } = new Project('pipes')
const run = join(folder, 'run')
const photographs = join(process.cwd(), '../../packages/data/src/fixtures')
beforeAll(() => {
  expect(convzoo(...smallRun(run)).status).toBe(0)
})

/** Runs the command line, whose readers close at the first byte of output. */
function withoutReader(closed: readonly ('stdout' | 'stderr')[], parameters: readonly string[]) {
  const child = spawn(process.execPath, [cli, ...parameters], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  let stderr = ''
  for (const name of closed) child[name].once('data', () => child[name].destroy())
  if (!closed.includes('stderr')) {
    child.stderr.on('data', (text) => {
      stderr += text
    })
  }
  return new Promise<{ readonly code: number | null; readonly stderr: string }>((resolve) => {
    child.on('exit', (code) => resolve({ code, stderr }))
  })
}

/** Commands that write to stdout, by name. */
const commands: readonly (readonly [string, () => readonly string[]])[] = [
  ['list', () => ['list']],
  ['summary', () => ['summary', 'alexnet', 'nin', 'zfnet']],
  ['evaluate', () => ['evaluate', run, '--limit', '20']],
  ['predict', () => ['predict', run, '--index', '0-9']],
  ['predict --json', () => ['predict', run, '--index', '0-9', '--json']],
  ['data inspect', () => ['data', 'inspect', photographs]],
  ['doctor', () => ['doctor']],
  ['help', () => ['train', '--help']],
]

describe('a reader that goes', () => {
  it.each(commands)('ends %s without a word', async (_, parameters) => {
    const { code, stderr } = await withoutReader(['stdout'], parameters())
    expect([code, stderr]).toEqual([0, expect.not.stringMatching(/EPIPE|^\s+at |defect/m)])
  })

  it('lets a training go on to its end', async () => {
    const unread = join(folder, 'unread')
    const { code, stderr } = await withoutReader(['stdout'], smallRun(unread, '--epochs', '3'))
    expect([code, stderr]).toEqual([0, ''])
    expect(metricsOf(unread).filter(({ type }) => type === 'epoch')).toHaveLength(3)
    expect(existsSync(join(unread, 'weights.safetensors'))).toBe(true)
  })

  it('of both outputs, too', async () => {
    const unread = join(folder, 'both')
    const named = smallRun(unread, '--epochs', '2', '--engine', 'none')
    expect((await withoutReader(['stdout', 'stderr'], named)).code).toBe(2)
    expect((await withoutReader(['stdout', 'stderr'], smallRun(unread, '--epochs', '2'))).code).toBe(0)
    expect(existsSync(join(unread, 'weights.safetensors'))).toBe(true)
  })
})

describe.skipIf(!existsSync('/dev/full'))('a stdout that is full', () => {
  function toFull(parameters: readonly string[]) {
    const child = spawn(process.execPath, [cli, ...parameters], {
      cwd: folder,
      stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
    })
    let stderr = ''
    child.stderr?.on('data', (text) => {
      stderr += text
    })
    return new Promise<{ readonly code: number | null; readonly stderr: string }>((resolve) => {
      child.on('close', (code) => resolve({ code, stderr }))
    })
  }
  const complaint = 'error: stdout takes no more: no space left; the rest of the output is left out.\n'

  it.each(commands)('is exit code 2 and a line of %s', async (_, parameters) => {
    const { code, stderr } = await toFull(parameters())
    expect([code, stderr]).toEqual([2, expect.stringContaining(complaint)])
    expect(stderr.split('error:')).toHaveLength(2)
    expect(stderr).not.toMatch(/^\s+at |defect/m)
  })

  it('lets a training go on to its end, which is exit code 2 all the same', async () => {
    const full = join(folder, 'full')
    expect(await toFull(smallRun(full, '--epochs', '2'))).toEqual({ code: 2, stderr: complaint })
    expect(readdirSync(full)).toContain('weights.safetensors')
    expect(convzoo('train', '--resume', full).stdout).toContain('is finished')
  })
})
