import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'

export interface Ended {
  /** Undefined if the program could not be started. */
  readonly code: number | undefined
  /** What ended it, if it did not end by itself. */
  readonly signal: NodeJS.Signals | undefined
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
  const ended = new Promise<Pick<Ended, 'code' | 'signal'>>((resolve) => {
    child.once('error', () => resolve({ code: undefined, signal: undefined }))
    child.once('close', (code, signal) => resolve({ code: code ?? 1, signal: signal ?? undefined }))
  })
  // Of one that cannot be started, Bun and Deno break the streams off, where Node ends them.
  const all = (stream: NodeJS.ReadableStream): Promise<string> => text(stream).catch(() => '')
  const [ending, output, errors] = await Promise.all([ended, all(child.stdout), all(child.stderr)])
  return { ...ending, output, errors }
}
