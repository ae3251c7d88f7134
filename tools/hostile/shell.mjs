// Commands in a shell, with its pipes.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { builtCli } from '../build.mjs'

/** Runs a script in which `"$NODE" "$CLI"` is the command line. */
export function shell(place, script, env = {}) {
  const result = spawnSync('bash', ['-o', 'pipefail', '-c', script], {
    cwd: place,
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...process.env, CONVZOO_CACHE: join(place, 'cache'), NODE: process.execPath, CLI: builtCli(), ...env },
  })
  if (result.error !== undefined) throw result.error
  return result
}
