import { readdirSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { ConvzooError } from '@convzoo/core'
import { unreadable } from '@convzoo/files'
import type { BadImage } from '../images/index.js'
import { type ImageSplits, listingOf, type NamedImage, type SplitOptions, splitListing } from './splits.js'
import { isFolder, sortedEntries, Walked, walkImages } from './walk.js'

/** Names of the folder that holds the validation part, beside `train`. */
const validationNames = ['val', 'validation', 'valid', 'test'] as const

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
  const walked = new Walked()
  for (const entry of sortedEntries(folder)) {
    const path = join(folder, entry.name)
    if (entry.name.startsWith('.') || !isFolder(entry, path)) continue
    const className = entry.name.normalize('NFC')
    const before = images.length
    const visitor = {
      image: (file: string, name: string) => images.push({ path: file, name, className }),
      refused: (name: string, reason: string) => refused.push({ name, reason }),
    }
    walkImages(path, entry.name, visitor, walked)
    if (images.length === before) refused.push({ name: `${entry.name}/`, reason: 'a class with no image' })
  }
  return { images, refused }
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
