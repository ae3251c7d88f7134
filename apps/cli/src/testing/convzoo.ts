import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** The built command line. */
export const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

/** What became of a command. */
export interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
  /** Of stdout. */
  readonly lines: readonly string[]
}

/** Runs the command line to its end. */
export const convzoo = (...parameters: string[]): Ended => convzooIn(process.cwd(), ...parameters)

/** Runs the command line in a folder to its end. */
export function convzooIn(folder: string, ...parameters: string[]): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...parameters], {
    cwd: folder,
    encoding: 'utf8',
  })
  return { status, stdout, stderr, lines: stdout.trimEnd().split('\n') }
}

const tenDigits = ['--data', 'mnist', '--limit', '10', '--batch-size', '4', '--test-limit', '20', '--no-report']

/** The smallest run, in a folder where the network `tiny` is found: ten images. */
export const smallRun = (run: string, ...more: string[]): string[] => [
  ...['train', 'tiny', '--input', '28x28x1', ...tenDigits, '--run', run],
  ...more,
]

/** The smallest run of a network that comes with the command line. */
export const ninRun = (run: string, ...more: string[]): string[] => [
  ...['train', 'nin', '--input', '67x67x1', ...tenDigits, '--run', run],
  ...more,
]

/** What a run wrote down, line by line. */
export function metricsOf(run: string): Record<string, unknown>[] {
  const path = join(run, 'metrics.jsonl')
  if (!existsSync(path)) return []
  return readFileSync(path, 'utf8')
    .replace(/^\ufeff/, '')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}

/** A command line that is running in a folder. */
export class Running {
  readonly #child: ChildProcess
  readonly #ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
  stderr = ''

  constructor(folder: string, ...parameters: string[]) {
    this.#child = spawn(process.execPath, [cli, ...parameters], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      // The tests themselves may have been started by nohup, in the session that they are in.
      detached: process.platform !== 'win32',
      env: { ...process.env, _: process.execPath },
    })
    this.#child.stderr?.on('data', (text) => {
      this.stderr += text
    })
    this.#ended = new Promise((resolve) => {
      this.#child.on('close', (code, signal) => resolve({ code, signal }))
    })
  }

  /** Waits until a run has more than `count` lines of metrics. */
  async until(run: string, count: number): Promise<void> {
    while (metricsOf(run).length <= count) {
      if (this.#child.exitCode !== null) throw new Error(`It ended too early: ${this.stderr}`)
      await sleep(10)
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** How it ended. */
  get ended() {
    return this.#ended
  }
}
