// Builds, lints and tests each folder of examples/ as its author would, with links to this checkout's packages instead of an installation.
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { linkPackages } from '../link-packages.mjs'

const root = join(import.meta.dirname, '../..')

/** Nothing but this checkout is needed. */
export function missing() {
  return undefined
}

export function run() {
  const built = spawnSync('npx', ['--yes', 'pnpm@10.34.9', 'turbo', 'run', 'build', '--output-logs=errors-only'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  })
  if (built.status !== 0) throw new Error('The build failed.')
  const place = realpathSync(mkdtempSync(join(tmpdir(), 'convzoo-examples-')))
  try {
    for (const entry of readdirSync(join(root, 'examples'), { withFileTypes: true })) {
      if (!entry.isDirectory()) continue
      const folder = join(place, entry.name)
      cpSync(join(root, 'examples', entry.name), folder, { recursive: true })
      linkPackages(folder)
      for (const [program, ...parameters] of [
        ['tsup/dist/cli-default.js'],
        ['typescript/bin/tsc'],
        ['@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'],
        ['vitest/vitest.mjs', 'run'],
      ]) {
        const tool = [join('node_modules', program), ...parameters]
        const { status } = spawnSync(process.execPath, tool, { cwd: folder, stdio: 'inherit' })
        if (status !== 0) throw new Error(`${entry.name}: ${tool.join(' ')} ended with ${status}.`)
      }
    }
  } finally {
    rmSync(place, { recursive: true, force: true })
  }
}
