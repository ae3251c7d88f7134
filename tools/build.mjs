import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const cli = join(root, 'apps/cli/dist/cli.js')

let isBuilt = false

/** Turbo knows what has changed: where nothing has, it takes a fifth of a second. */
function build() {
  if (!existsSync(cli)) process.stderr.write('Building convzoo, once …\n')
  const turbo = createRequire(join(root, 'package.json')).resolve('turbo/bin/turbo')
  const result = spawnSync(process.execPath, [turbo, 'run', 'build', '--output-logs=errors-only'], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
  })
  if (result.status !== 0) {
    process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}${result.error ?? ''}\nThe build failed.\n`)
    process.exit(1)
  }
  isBuilt = true
}

/** The file of this checkout's command line, built first where it is not. */
export function builtCli() {
  if (!isBuilt) build()
  return cli
}

/** Runs the command line of this checkout in this process; only the command line writes to stdout. */
export async function runCli(parameters) {
  process.argv = [process.execPath, builtCli(), ...parameters]
  await import(pathToFileURL(cli).href)
}
