import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** A package that is installed. */
export interface Installed {
  readonly folder: string
  readonly version: string
  /** The file that its manifest names as its entry, in its folder; Node's default where it names none. */
  readonly main: string
}

/** Finds a package that is no dependency: in the user's project first, then where this engine is installed. Nothing of it is loaded. */
export function findInstalled(name: string, project: string): Installed | undefined {
  for (const from of [join(project, 'package.json'), import.meta.url]) {
    try {
      const path = createRequire(from).resolve(`${name}/package.json`)
      const { version, main }: { readonly version?: unknown; readonly main?: unknown } = createRequire(from)(path)
      return { folder: dirname(path), version: String(version), main: typeof main === 'string' ? main : 'index.js' }
    } catch {
      // Not there: the next place.
    }
  }
  return undefined
}
