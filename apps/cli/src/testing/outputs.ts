import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { cli } from './convzoo.js'

/** How a command ended, and what it said on stderr. */
export interface Said {
  readonly code: number | null
  readonly stderr: string
}

function saidOf(child: ChildProcess, event: 'exit' | 'close'): Promise<Said> {
  let stderr = ''
  child.stderr?.on('data', (text) => {
    stderr += text
  })
  return new Promise((resolve) => {
    child.on(event, (code) => resolve({ code, stderr }))
  })
}

/** Runs the command line in a folder; its readers close at the first byte of output. */
export function withoutReader(
  folder: string,
  closed: readonly ('stdout' | 'stderr')[],
  parameters: readonly string[],
): Promise<Said> {
  const child = spawn(process.execPath, [cli, ...parameters], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  for (const name of closed) child[name].once('data', () => child[name].destroy())
  return saidOf(child, 'exit')
}

/** A file that takes nothing, where the system has one. */
export const full = existsSync('/dev/full') ? '/dev/full' : undefined

/** Runs the command line in a folder; its stdout takes nothing. */
export function toFull(folder: string, parameters: readonly string[]): Promise<Said> {
  if (full === undefined) throw new Error('No file here takes nothing.')
  const stdout = openSync(full, 'w')
  return saidOf(
    spawn(process.execPath, [cli, ...parameters], { cwd: folder, stdio: ['ignore', stdout, 'pipe'] }),
    'close',
  )
}

/** What a command says of a stdout that is full. */
export const complaint = 'error: stdout takes no more: no space left; the rest of the output is left out.\n'

const photographs = join(process.cwd(), '../../packages/data/src/fixtures')

/** Commands that write to stdout, by name, where there is a run. */
export const commandsOf = (run: string): Readonly<Record<string, readonly string[]>> => ({
  list: ['list'],
  summary: ['summary', 'alexnet', 'nin', 'zfnet'],
  evaluate: ['evaluate', run, '--limit', '20'],
  predict: ['predict', run, '--index', '0-9'],
  'predict --json': ['predict', run, '--index', '0-9', '--json'],
  'data inspect': ['data', 'inspect', photographs],
  doctor: ['doctor'],
  help: ['train', '--help'],
})
