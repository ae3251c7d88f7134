import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

const run = (program, parameters, cwd) => spawnSync(program, parameters, { cwd, encoding: 'utf8' })

/** Why Debian's packages cannot be fetched here, or undefined. */
export function missingDebian() {
  for (const program of ['apt-get', 'dpkg']) {
    if (run(program, ['--version']).status !== 0) return `there is no ${program}`
  }
  return undefined
}

/** A package and those it depends on which are not installed here. */
export function neededBy(name) {
  const { status, stdout, stderr } = run('apt-get', ['install', '--simulate', '--no-install-recommends', name])
  if (status !== 0) throw new Error(`apt-get knows no way to install ${name}: ${stderr}`)
  return [...stdout.matchAll(/^Inst (\S+)/gm)].map(([, each]) => each)
}

/** Fetches packages and unpacks them below a folder, without installing anything. */
export function unpackDebian(names, folder) {
  const fetched = run('apt-get', ['download', ...names], folder)
  if (fetched.status !== 0) throw new Error(`apt-get download failed: ${fetched.stderr}`)
  const root = join(folder, 'root')
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.deb'))) {
    const unpacked = run('dpkg', ['-x', file, root], folder)
    if (unpacked.status !== 0) throw new Error(`dpkg -x ${file} failed: ${unpacked.stderr}`)
  }
  return root
}
