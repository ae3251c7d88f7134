import { realpathSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ConvzooError } from '@convzoo/core'
import { describeValue } from '@convzoo/core/define'
import { exports as exported, legacy } from 'resolve.exports'
import type { Plugin } from './find.js'
import { type Manifest, packageIn } from './installed.js'

/** Imports a plugin: what its entry exports, by name. */
export async function importPlugin({ folder, name, version }: Plugin): Promise<Readonly<Record<string, unknown>>> {
  const entry = entryOf(packageIn(folder)?.manifest ?? {})
  if (entry !== undefined) return import(pathToFileURL(insideOf({ folder, name, version }, entry)).href)
  throw new ConvzooError({
    kind: 'file',
    message: `The package ${name}@${version} has no entry that can be imported.`,
    expected: '"exports" with "." in its package.json',
    received: describeValue(packageIn(folder)?.manifest.exports),
  })
}

/**
 * The path of an entry, or of another file of a package, which must be a file and lie in the package: a pipe would never end, and a manifest that leads elsewhere would
 * have another package's code, or the user's, run under its name.
 *
 * @throws ConvzooError of kind `file`.
 */
export function insideOf(
  { folder, name, version }: Pick<Plugin, 'folder' | 'name' | 'version'>,
  entry: string,
  what = 'entry',
): string {
  const path = join(folder, entry)
  if (`${real(path)}${sep}`.startsWith(`${real(folder)}${sep}`)) {
    if (statSync(path, { throwIfNoEntry: false })?.isFile() !== false) return path
    throw new ConvzooError({
      kind: 'file',
      message: `The ${what} of the package ${name}@${version} is no regular file.`,
      expected: `a file in ${folder}`,
      received: entry,
      hint: `install ${name} anew, or tell its author`,
    })
  }
  throw new ConvzooError({
    kind: 'file',
    message: `The ${what} of the package ${name}@${version} lies outside of it.`,
    expected: `a file in ${folder}`,
    received: entry,
    hint: `uninstall ${name}, or tell its author`,
  })
}

/** Without symbolic links; what is not there is where its name says. */
function real(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

function entryOf(manifest: Manifest): string | undefined {
  if (manifest.exports === undefined) return legacy(manifest, { browser: false, fields: ['main'] }) ?? 'index.js'
  try {
    return exported(manifest, '.')?.[0]
  } catch {
    return undefined
  }
}
