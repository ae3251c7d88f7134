import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const cli = join(root, 'apps/cli/dist/cli.js')
const stamp = join(root, 'node_modules/.cache/convzoo/built')
const sharedInputs = ['pnpm-lock.yaml', 'turbo.json', 'tools/tsup.ts', 'tools/tsconfig.base.json']

/** Folders count too: theirs is the time at which a file in them was removed or renamed. */
function* inputs(folder) {
  yield folder
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* inputs(path)
    else if (!entry.name.endsWith('.test.ts')) yield path
  }
}

function packageFolders() {
  return ['packages', 'apps'].flatMap((group) =>
    readdirSync(join(root, group)).flatMap((name) => {
      const folder = join(root, group, name)
      return statSync(join(folder, 'package.json'), { throwIfNoEntry: false }) ? [folder] : []
    }),
  )
}

/** The files that package.json promises; without one of them there is nothing to run, whatever the times say. */
function outputs(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const exported = Object.values(manifest.exports ?? {}).map((target) => target.default)
  return [...exported, ...Object.values(manifest.bin ?? {})].filter(Boolean).map((path) => join(folder, path))
}

function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs
}

function isBuilt() {
  const built = modified(stamp)
  if (built === undefined) return false
  const upToDate = (path) => (modified(path) ?? 0) <= built
  return (
    sharedInputs.every((path) => upToDate(join(root, path))) &&
    packageFolders().every((folder) => {
      if (!outputs(folder).every((path) => modified(path) !== undefined)) return false
      if (!['package.json', 'tsup.config.ts'].every((name) => upToDate(join(folder, name)))) return false
      for (const path of inputs(join(folder, 'src'))) if (!upToDate(path)) return false
      return true
    })
  )
}

function build() {
  const started = new Date()
  if (modified(cli) === undefined) process.stderr.write('Building convzoo, once …\n')
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
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, '')
  // As of the start: a source that was saved during the build makes the next command build again.
  utimesSync(stamp, started, started)
}

/** The file of this checkout's command line, built first where it is not. */
export function builtCli() {
  if (!isBuilt()) build()
  return cli
}

/** Runs the command line of this checkout in this process; only the command line writes to stdout. */
export async function runCli(parameters) {
  process.argv = [process.execPath, builtCli(), ...parameters]
  await import(pathToFileURL(cli).href)
}
