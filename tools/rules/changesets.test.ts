import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { readManifest } from './manifest.js'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const copy = mkdtempSync(join(tmpdir(), 'convzoo-changesets-'))
afterAll(() => rmSync(copy, { recursive: true, force: true, maxRetries: 9 }))

/** The manifests of this repository, and none of its changesets but one. */
function workspaceWith(changeset: string): readonly string[] {
  for (const file of [
    'package.json',
    'pnpm-workspace.yaml',
    'pnpm-lock.yaml',
    '.changeset/config.json',
    'tools/package.json',
    'tools/command/package.json',
  ]) {
    cpSync(join(root, file), join(copy, file))
  }
  const folders = ['packages', 'apps'].flatMap((group) =>
    readdirSync(join(root, group)).map((name) => `${group}/${name}`),
  )
  for (const folder of folders) {
    mkdirSync(join(copy, folder), { recursive: true })
    cpSync(join(root, folder, 'package.json'), join(copy, folder, 'package.json'))
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction')
  writeFileSync(join(copy, '.changeset/one.md'), changeset)
  return folders
}

describe('a minor version of core', () => {
  it('gives no plugin a new major version, and no plugin a new version at all', () => {
    const folders = workspaceWith('---\n"@convzoo/core": minor\n---\n\nCore can do more.\n')
    const before = new Map(folders.map((folder) => [folder, readManifest(join(root, folder))]))
    const changesets = createRequire(join(root, 'package.json')).resolve('@changesets/cli/bin.js')
    execFileSync(process.execPath, [changesets, 'version'], { cwd: copy, stdio: 'pipe' })
    const bumped = folders.flatMap((folder) => {
      const old = before.get(folder)
      const { name, version, peerDependencies } = readManifest(join(copy, folder))
      if (old === undefined || old.version === version) return []
      return [{ name, peer: peerDependencies?.['@convzoo/core'] !== undefined, from: old.version, to: version }]
    })
    const core = bumped.find(({ name }) => name === '@convzoo/core')
    const [major = '', minor = ''] = core?.from.split('.') ?? []
    expect(core?.to).toBe(`${major}.${Number(minor) + 1}.0`)
    expect(bumped.filter(({ peer }) => peer)).toEqual([])
    const leading = ({ from, to }: { readonly from: string; readonly to: string }) =>
      [from, to].map((v) => v.split('.')[0])
    for (const one of bumped) expect(new Set(leading(one)).size, `${one.name} ${one.from} to ${one.to}`).toBe(1)
  })
})
