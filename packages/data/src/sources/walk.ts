import { type Dirent, readdirSync, realpathSync, type Stats, statSync } from 'node:fs'
import { join } from 'node:path'
import { ConvzooError } from '@convzoo/core'
import { printable } from '@convzoo/core/define'
import { isOfSystem } from '@convzoo/files'
import { shortReason } from '../files/reason.js'
import { kindOfFile, startOfFile } from './formats.js'
import { inOneForm, isDamaged, isHiddenName } from './names.js'

/** No folder is looked into deeper. */
const deepest = 32

/** No source has more files, or more folders; what links make of a disk may. */
const mostFiles = 10_000_000
const mostFolders = 1_000_000

/** Told of what lies below a folder. */
interface Visitor {
  image(path: string, name: string): void
  refused(name: string, reason: string): void
  /** What is no picture at all. */
  foreign(name: string, reason: string): void
}

/** How much of a source has been visited: at most ten million files in a million folders, and each folder once. */
export class Walked {
  /** Where folders really lie, and by which names they were visited. */
  readonly #folders = new Map<string, string>()
  #files = 0

  /** The name by which a folder was visited before; undefined for one that is new, which then is visited. */
  visit(real: string, name: string): string | undefined {
    const before = this.#folders.get(real)
    if (before === undefined) this.#folders.set(real, name)
    if (this.#folders.size > mostFolders) throw tooMany(name, `${mostFolders} folders`)
    return before
  }

  /** @throws ConvzooError of kind `file` if there are more files than can be meant. */
  count(files: number, name: string): void {
    this.#files += files
    if (this.#files > mostFiles) throw tooMany(name, `${mostFiles} files`)
  }
}

function tooMany(name: string, most: string): ConvzooError {
  return new ConvzooError({
    kind: 'file',
    message: `There are more files than can be meant: ${most}, and ${name}/ is not the last folder.`,
    expected: `at most ${most}, links followed`,
    hint: 'check where the links in the folder lead',
  })
}

/**
 * Visits the images below a folder, and what is none, in the order of their names, which are in one form. Links are followed, but each
 * folder is visited once, and none of the system's own such as `/proc`.
 *
 * @param walked What of the same source has been visited.
 * @throws ConvzooError of kind `file` if there is more than can be meant.
 */
export function walkImages(folder: string, name: string, visitor: Visitor, walked = new Walked()): void {
  walk(folder, inOneForm(name), { above: new Set(), depth: deepest, visitor, walked })
}

interface Walk {
  /** The folders that lead there, so that a link back ends there. */
  readonly above: ReadonlySet<string>
  /** So much deeper may be looked. */
  readonly depth: number
  readonly visitor: Visitor
  readonly walked: Walked
}

function walk(folder: string, name: string, { above, depth, visitor, walked }: Walk): void {
  let entries: readonly Dirent[]
  let real: string
  try {
    real = realpathSync.native(folder)
    const refusal = refusalOf(real, above, depth)
    const before = refusal === undefined ? walked.visit(real, name) : undefined
    const reason =
      refusal ?? (before === undefined ? undefined : `visited already, as ${printable(before.replace(/^\//, ''))}/`)
    if (reason !== undefined) {
      visitor.refused(`${name}/`, reason)
      return
    }
    entries = sortedEntries(folder)
  } catch (error) {
    if (ConvzooError.isInstance(error)) throw error
    visitor.refused(`${name}/`, shortReason(error))
    return
  }
  walked.count(entries.length, name)
  const inside: Walk = { above: new Set(above).add(real), depth: depth - 1, visitor, walked }
  for (const entry of entries) {
    if (isHiddenName(entry.name)) continue
    const path = join(folder, entry.name)
    const called = `${name}/${inOneForm(entry.name)}`
    if (entry.isFile()) visitFile(path, called, visitor)
    else {
      const status = statusOf(path)
      if (status?.isDirectory() === true) walk(path, called, inside)
      else if (status?.isFile() === true) visitFile(path, called, visitor)
      else visitor.refused(called, status === undefined ? whyNothing(entry) : 'not a regular file')
    }
  }
}

/** Why there is nothing at a name that a folder lists. */
function whyNothing({ name }: Dirent): string {
  return isDamaged(name) ? 'a name that is not UTF-8: rename it, as by `convmv -f latin1 -t utf8`' : 'a link to nothing'
}

/** Why a folder is not looked into, whoever asks. */
function refusalOf(real: string, above: ReadonlySet<string>, depth: number): string | undefined {
  if (above.has(real)) return 'a link that leads back to a folder above it'
  if (depth === 0) return `nested more than ${deepest} deep`
  return isOfSystem(real) ? 'a folder of the system, which holds no files' : undefined
}

/** An image by its name or its content, or a reason why it is none that is read. */
function visitFile(path: string, name: string, visitor: Visitor): void {
  const file = kindOfFile(name, () => startOfFile(path))
  if (file.kind === 'picture') visitor.image(path, name)
  else if (file.kind === 'unread') visitor.refused(name, file.reason)
  else visitor.foreign(name, notPicture)
}

/** Why a file is passed over. */
export const notPicture = 'not an image by its name and its first bytes'

/** What is in a folder, by names in one form. */
function sortedEntries(folder: string): readonly Dirent[] {
  // A form is made once a name, not once a comparison.
  return readdirSync(folder, { withFileTypes: true })
    .map((entry) => ({ entry, key: inOneForm(entry.name) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ entry }) => entry)
}

/** A folder, or a link to one. */
export function isFolder(entry: Dirent, path: string): boolean {
  return entry.isDirectory() || (entry.isSymbolicLink() && statusOf(path)?.isDirectory() === true)
}

function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}
