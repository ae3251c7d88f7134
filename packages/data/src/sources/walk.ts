import { type Dirent, readdirSync, realpathSync, type Stats, statSync } from 'node:fs'
import { join } from 'node:path'
import { shortReason } from '../files/reason.js'
import { kindOfFile, startOfFile } from './formats.js'
import { inOneForm, isHiddenName } from './names.js'

/** No folder is looked into deeper. */
const deepest = 32

/** Told of what lies below a folder. */
interface Visitor {
  image(path: string, name: string): void
  refused(name: string, reason: string): void
  /** What is no picture at all. */
  foreign(name: string, reason: string): void
}

/** Visits the images below a folder, and what is none, in the order of their names. */
export function walkImages(folder: string, name: string, visitor: Visitor): void {
  walk(folder, name, new Set(), deepest, visitor)
}

/** `above` are the folders that lead there, so that a link back ends there. */
function walk(folder: string, name: string, above: ReadonlySet<string>, depth: number, visitor: Visitor): void {
  let entries: readonly Dirent[]
  let real: string
  try {
    real = realpathSync(folder)
    entries = sortedEntries(folder)
  } catch (error) {
    visitor.refused(`${name}/`, shortReason(error))
    return
  }
  if (above.has(real)) {
    visitor.refused(`${name}/`, 'a link that leads back to a folder above it')
    return
  }
  if (depth === 0) {
    visitor.refused(`${name}/`, `nested more than ${deepest} deep`)
    return
  }
  const inside = new Set(above).add(real)
  for (const entry of entries) {
    if (isHiddenName(entry.name)) continue
    const path = join(folder, entry.name)
    const called = `${name}/${entry.name}`
    if (entry.isFile()) visitFile(path, called, visitor)
    else {
      const status = statusOf(path)
      if (status?.isDirectory() === true) walk(path, called, inside, depth - 1, visitor)
      else if (status?.isFile() === true) visitFile(path, called, visitor)
      else visitor.refused(called, status === undefined ? 'a link to nothing' : 'not a regular file')
    }
  }
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
  const key = ({ name }: Dirent): string => inOneForm(name)
  return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (key(a) < key(b) ? -1 : 1))
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
