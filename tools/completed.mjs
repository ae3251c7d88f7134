// A program that is run to its end.
import { spawnSync } from 'node:child_process'

/** What it printed; an error with all that it said where it failed. */
export function completed(program, parameters, { cwd, env = {} } = {}) {
  const { status, signal, stdout, stderr, error } = spawnSync(program, parameters, {
    cwd,
    env: { ...process.env, ...env },
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  if (status === 0) return stdout
  throw new Error(
    `${program} ${parameters.join(' ')} ended with ${signal ?? status}\n${stdout ?? ''}${stderr ?? ''}${error ?? ''}`,
  )
}
