import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'

export interface Ended {
  /** Undefined if the program could not be started. */
  readonly code: number | undefined
  readonly output: string
  readonly errors: string
}

/** Runs a program to its end. */
export async function runCommand(
  program: string,
  parameters: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const child = spawn(program, parameters, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  })
  const ended = new Promise<number | undefined>((resolve) => {
    child.once('error', () => resolve(undefined))
    child.once('close', (code) => resolve(code ?? 1))
  })
  const [code, output, errors] = await Promise.all([ended, textOf(child.stdout), textOf(child.stderr)])
  return { code, output, errors }
}

/** What a process says. Of one that cannot be started, Bun and Deno break the stream off, where Node ends it. */
export const textOf = (stream: Readable): Promise<string> => text(stream).catch(() => '')
