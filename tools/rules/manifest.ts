import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

type Versions = Readonly<Record<string, string>>

export interface Manifest {
  readonly name: string
  readonly version: string
  readonly description?: string
  readonly keywords?: readonly string[]
  readonly license?: string
  readonly repository?: { readonly url?: string; readonly directory?: string }
  readonly type?: string
  readonly sideEffects?: boolean | readonly string[]
  readonly types?: string
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>
  /** Names under the contract that they follow; weights with what there is to know of them. */
  readonly convzoo?: Readonly<Record<string, readonly string[] | Readonly<Record<string, unknown>>>>
  readonly bin?: Readonly<Record<string, string>>
  readonly files?: readonly string[]
  readonly engines?: { readonly node?: string }
  readonly dependencies?: Versions
  readonly peerDependencies?: Versions
  readonly optionalDependencies?: Versions
  readonly devDependencies?: Versions
}

interface Workspace {
  readonly catalog: Versions
  readonly catalogs?: Readonly<Record<string, Versions>>
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}

export function readWorkspace(root: string): Workspace {
  return parse(readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')) as Workspace
}

/** What `catalog:` and `catalog:name` stand for. */
export function resolveVersion(name: string, version: string, workspace: Workspace): string {
  if (!version.startsWith('catalog:')) return version
  const catalog = version === 'catalog:' ? workspace.catalog : workspace.catalogs?.[version.slice('catalog:'.length)]
  return catalog?.[name] ?? version
}

/** Whether a range ends somewhere: `^1.2.0`, `>=1 <3`, `1.2.3`; not `*`, `>=1`, `latest`. */
export function isBounded(range: string): boolean {
  if (range === 'workspace:^' || range === 'workspace:~') return true
  return range.split('||').every((part) => /^[\^~]?\d+\.\d+\.\d+/.test(part.trim()) || part.includes('<'))
}
