// More cases of what `turbo test` shows one of: the tests in `*.thorough.test.ts` of every package that has some.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const root = join(import.meta.dirname, '../..')
const vitest = join(dirname(createRequire(join(root, 'package.json')).resolve('vitest/package.json')), 'vitest.mjs')

/** Nothing but this checkout is needed. */
export function missing() {
  return undefined
}

function hasThorough(folder) {
  const sources = join(folder, 'src')
  return (
    existsSync(sources) && readdirSync(sources, { recursive: true }).some((name) => name.endsWith('.thorough.test.ts'))
  )
}

export function run() {
  const folders = ['apps', 'packages'].flatMap((group) =>
    readdirSync(join(root, group)).map((name) => join(root, group, name)),
  )
  const failed = []
  for (const cwd of folders.filter(hasThorough)) {
    const env = { ...process.env, CONVZOO_THOROUGH: '1' }
    const { status } = spawnSync(process.execPath, [vitest, 'run'], { cwd, env, stdio: 'inherit' })
    if (status !== 0) failed.push(cwd)
  }
  if (failed.length > 0) throw new Error(`Tests failed in ${failed.join(', ')}.`)
}
