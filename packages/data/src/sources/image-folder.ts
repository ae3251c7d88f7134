import { type Dirent, readdirSync, realpathSync, type Stats, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { ConvzooError } from '@convzoo/core'
import { shortReason } from '../files/reason.js'
import { unreadable } from '../files/unreadable.js'
import type { BadImage } from '../images/index.js'
import { isImageContent, isImageName } from './formats.js'
import { type ImageSplits, listingOf, type NamedImage, type SplitOptions, splitListing } from './splits.js'

/** Names of the folder that holds the validation part, beside `train`. */
const validationNames = ['val', 'validation', 'valid', 'test'] as const

/** No class folder is nested deeper. */
const deepest = 32

interface Found {
  readonly images: readonly NamedImage[]
  readonly refused: readonly BadImage[]
}

/**
 * The images of a folder with a folder for each class: `train/<class>/…` and `val/<class>/…`, or `<class>/…` alone, of which a part of
 * each class is set aside for validation. Classes may be nested deeper, links are followed, names are of any script. Classes are in the
 * order of their names.
 *
 * @throws ConvzooError of kind `file` if there is no such folder, of kind `data` if it has no class.
 * @example
 * const { train, validation } = imageFolder('flowers')
 * await using dataset = imageDataset(train, { imageShape: [227, 227, 3] })
 */
export function imageFolder(path: string, options: SplitOptions = {}): ImageSplits {
  const root = resolve(path)
  const name = basename(root)
  const folders = foldersOf(root)
  const training = folders.includes('train') ? join(root, 'train') : root
  const train = classesOf(training)
  const listing = listingOf(name, train.images, train.refused)
  if (listing.classes.length === 0) throw noClasses(training, train.refused)
  const validationName = training === root ? undefined : validationNames.find((each) => folders.includes(each))
  if (validationName === undefined) return splitListing(listing, options)
  const validation = classesOf(join(root, validationName))
  return {
    train: listing,
    validation: listingOf(`${name}/${validationName}`, validation.images, validation.refused, listing.classes),
  }
}

function foldersOf(root: string): readonly string[] {
  try {
    return readdirSync(root, { withFileTypes: true }).flatMap((entry) =>
      isFolder(entry, join(root, entry.name)) ? [entry.name] : [],
    )
  } catch (cause) {
    throw unreadable(root, 'a folder with a folder for each class', cause)
  }
}

function classesOf(folder: string): Found {
  const images: NamedImage[] = []
  const refused: BadImage[] = []
  for (const entry of sortedEntries(folder)) {
    const path = join(folder, entry.name)
    if (entry.name.startsWith('.') || !isFolder(entry, path)) continue
    const className = entry.name.normalize('NFC')
    const before = images.length
    walk(path, entry.name, new Set(), deepest, {
      image: (file, name) => images.push({ path: file, name, className }),
      refused: (name, reason) => refused.push({ name, reason }),
    })
    if (images.length === before) refused.push({ name: `${entry.name}/`, reason: 'a class with no image' })
  }
  return { images, refused }
}

interface Visitor {
  image(path: string, name: string): void
  refused(name: string, reason: string): void
}

/** Visits what is below a folder; `above` are the folders that lead there, so that a link back ends there. */
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
    if (entry.name.startsWith('.')) continue
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

function visitFile(path: string, name: string, visitor: Visitor): void {
  if (isImageName(name) || isImageContent(path)) visitor.image(path, name)
  else visitor.refused(name, 'not an image by its name and its first bytes')
}

function sortedEntries(folder: string): readonly Dirent[] {
  const key = ({ name }: Dirent): string => name.normalize('NFC')
  return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (key(a) < key(b) ? -1 : 1))
}

function isFolder(entry: Dirent, path: string): boolean {
  return entry.isDirectory() || (entry.isSymbolicLink() && statusOf(path)?.isDirectory() === true)
}

function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}

function noClasses(folder: string, refused: readonly BadImage[]): ConvzooError {
  const [first] = refused
  return new ConvzooError({
    kind: 'data',
    message: `${folder} holds no class with an image.`,
    expected: 'a folder for each class, such as train/cat/1.jpg and train/dog/1.jpg',
    ...(first === undefined ? {} : { received: `${first.name}: ${first.reason}` }),
  })
}
