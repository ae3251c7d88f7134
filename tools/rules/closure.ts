import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { satisfies } from 'semver'
import { parse } from 'yaml'

/** What is read of pnpm-lock.yaml. */
export interface Lockfile {
  readonly importers: Readonly<
    Record<string, { readonly dependencies?: Readonly<Record<string, { readonly version: string }>> }>
  >
  readonly packages: Readonly<Record<string, { readonly engines?: { readonly node?: string } }>>
  readonly snapshots: Readonly<Record<string, { readonly dependencies?: Readonly<Record<string, string>> }>>
}

export function readLockfile(root: string): Lockfile {
  return parse(readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8')) as Lockfile
}

/**
 * The packages from elsewhere that come with one of ours, as `name@version`: its dependencies, and theirs. Three kinds are left out:
 * packages of the workspace, since each is looked at itself; peers, which the user has; and optional packages, which every package
 * manager passes over in silence where they do not fit.
 */
export function closureOf({ importers, snapshots }: Lockfile, folder: string): readonly string[] {
  const found = new Set<string>()
  const visit = (name: string, version: string): void => {
    const key = snapshots[version] === undefined ? `${name}@${version}` : version
    if (version.startsWith('link:') || found.has(key)) return
    found.add(key)
    const snapshot = snapshots[key]
    if (snapshot === undefined) throw new Error(`pnpm-lock.yaml has no ${key}.`)
    for (const next of Object.entries(snapshot.dependencies ?? {})) visit(...next)
  }
  for (const [name, { version }] of Object.entries(importers[folder]?.dependencies ?? {})) visit(name, version)
  return [...new Set([...found].map((key) => key.replace(/\(.*/, '')))].sort()
}

/** The lines of Node.js that are maintained for years. */
const lines = [20, 22, 24]

/** The first version of each line that a range has: `>=20.10.0` begins with 20.10.0, 22.0.0 and 24.0.0. */
const firstOf = (range: string): readonly string[] =>
  lines.flatMap((line) =>
    Array.from({ length: 30 }, (_, minor) => `${line}.${minor}.0`)
      .filter((version) => satisfies(version, range))
      .slice(0, 1),
  )

/** What of a package's closure leaves out a Node.js on which the package runs, as `name@version wants …`. */
export function excluding(lockfile: Lockfile, folder: string, versions: string): readonly string[] {
  return closureOf(lockfile, folder).flatMap((key) => {
    const wanted = lockfile.packages[key]?.engines?.node ?? '*'
    return firstOf(versions).every((version) => satisfies(version, wanted)) ? [] : [`${key} wants ${wanted}`]
  })
}
