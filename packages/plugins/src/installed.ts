import { realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isJsonObject, parseJson, readRegularFileSync } from '@convzoo/files'

/** The part of a package.json that tells whether it is a plugin, and how it is loaded. */
export interface Manifest {
  readonly name?: string
  readonly version?: unknown
  readonly convzoo?: unknown
  readonly [field: string]: unknown
}

/** A package in its folder. */
export interface Installed {
  /** Without symbolic links, so that a workspace's package and its link are one. */
  readonly folder: string
  readonly manifest: Manifest
}

/** The folder itself and all above it, nearest first. */
function* upwards(folder: string): Generator<string> {
  let current = folder
  for (;;) {
    yield current
    const above = dirname(current)
    if (above === current) return
    current = above
  }
}

/** No package.json is larger. */
const largestManifest = 2 ** 22

/** The package in a folder; nothing if there is none or its package.json is no JSON object. */
export function packageIn(folder: string): Installed | undefined {
  try {
    const bytes = readRegularFileSync(join(folder, 'package.json'), { mostBytes: largestManifest })
    const manifest = parseJson(bytes.toString('utf8'))
    return isJsonObject(manifest) ? { folder: realpathSync(folder), manifest } : undefined
  } catch {
    return undefined
  }
}

const dependencyFields = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']

function dependencyNames(manifest: Manifest): readonly string[] {
  const names = dependencyFields.flatMap((field) => Object.keys(manifest[field] ?? {}))
  return [...new Set(names)].sort()
}

/** A package by name, as Node.js finds it from a folder: in the nearest `node_modules` that has it. */
function installedFrom(folder: string, name: string): Installed | undefined {
  for (const place of upwards(folder)) {
    const found = packageIn(join(place, 'node_modules', name))
    if (found !== undefined) return found
  }
  return undefined
}

const withDependencies = (owner: Installed): readonly (Installed | undefined)[] => [
  owner,
  ...dependencyNames(owner.manifest).map((name) => installedFrom(owner.folder, name)),
]

function byName(all: readonly (Installed | undefined)[]): readonly Installed[] {
  const found = new Map<string, Installed>()
  for (const one of all) {
    const name: unknown = one?.manifest.name
    if (one !== undefined && typeof name === 'string' && !found.has(name)) found.set(name, one)
  }
  return [...found.values()]
}

/**
 * The packages of which a project in this folder consists: those whose package.json stands here or above, as in a workspace, and what
 * they list as dependencies of any kind and have installed. What those depend on in turn is theirs.
 */
export function installedFor(project: string): readonly Installed[] {
  const owners = [...upwards(project)].map(packageIn).filter((owner) => owner !== undefined)
  return byName(owners.flatMap(withDependencies))
}

/** The package that a file or folder belongs to, and what it depends on; nothing of the project that it is installed in. */
export function installedWith(program: string): readonly Installed[] {
  const [owner] = [...upwards(program)].map(packageIn).filter((one) => one !== undefined)
  return owner === undefined ? [] : byName(withDependencies(owner))
}
