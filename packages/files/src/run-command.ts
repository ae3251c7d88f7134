import { spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { text as textFrom } from 'node:stream/consumers'
import { isOptionsObject, matching, optional, requireArguments, text, texts } from '@convzoo/core/define'

/** How a program ended. */
export interface Ended {
  /** Undefined if the program could not be started. */
  readonly code: number | undefined
  /** What ended it, if it did not end by itself. */
  readonly signal: NodeJS.Signals | undefined
  readonly output: string
  readonly errors: string
}

type Environment = Readonly<Record<string, string>>

const environmentOption = matching(
  'an object of texts, the variables that are added',
  (given): given is Environment =>
    isOptionsObject(given) && Object.values(given).every((value) => typeof value === 'string'),
)

/**
 * Runs a program to its end. What it says is collected; one that cannot be started is no error.
 *
 * @throws ConvzooError of kind `option` for arguments of another kind.
 * @example
 * const { code, output } = await runCommand('python3', ['--version'])
 */
export async function runCommand(
  program: string,
  parameters: readonly string[],
  environment?: Environment,
): Promise<Ended> {
  requireArguments('runCommand', {
    program: [text, program],
    parameters: [texts, parameters],
    environment: [optional(environmentOption), environment],
  })
  const child = spawn(program, parameters, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  })
  const ended = new Promise<Pick<Ended, 'code' | 'signal'>>((resolve) => {
    child.once('error', () => resolve({ code: undefined, signal: undefined }))
    child.once('close', (code, signal) => resolve({ code: code ?? 1, signal: signal ?? undefined }))
  })
  const [ending, output, errors] = await Promise.all([ended, textOf(child.stdout), textOf(child.stderr)])
  return { ...ending, output, errors }
}

/** What a process says. Of one that cannot be started, Bun and Deno break the stream off, where Node ends it. */
const textOf = (stream: Readable): Promise<string> => textFrom(stream).catch(() => '')
