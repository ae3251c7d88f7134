import { readdirSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { ConvzooError } from '@convzoo/core'
import { defineOptions, requireArguments, text } from '@convzoo/core/define'
import { unreadable } from '@convzoo/files'
import { type Layout, requireLayout } from './layout.js'
import { isHiddenName } from './names.js'
import { splitOptions } from './options.js'
import { type LeftFile, type Picture, placeFiles, type SourceFiles } from './source-files.js'
import { type ImageSplits, type SplitOptions, splitsOf } from './splits.js'
import { isFolder, walkImages } from './walk.js'

const options = defineOptions(splitOptions)

/**
 * The images of a folder with a folder for each class: `train/<class>/…`, `val/<class>/…` and `test/<class>/…` in whatever of their usual
 * spellings, or `<class>/…` alone, of which a part of each class is set aside for validation. Classes may be nested deeper, links are
 * followed, names are of any script. Classes are in the order of their names.
 *
 * @throws ConvzooError of kind `file` if there is no such folder, of kind `data` if it has no class or it is not clear what its
 * folders are, of kind `option` for a bad option.
 * @example
 * const { train, validation, test, notes } = await imageFolder('flowers')
 * const dataset = imageDataset(train, { imageShape: [227, 227, 3] })
 */
export async function imageFolder(path: string, given: SplitOptions = {}): Promise<ImageSplits> {
  requireArguments('imageFolder', { path: [text, path] })
  const parsed = options.parse('imageFolder', given)
  const root = resolve(path)
  const name = basename(root)
  const files = filesOf(root)
  if (files.pictures.length === 0) throw noImages(path, files)
  const layout = requireLayout(
    path,
    files.pictures.map(({ parts }) => parts),
  )
  const contents = placeFiles({ ...files, folders: foldersOfClasses(root, layout) }, layout, (_, rest) =>
    rest.join('/'),
  )
  if (contents.images.train.length === 0) throw noImages(path, files)
  const called = new Map([...layout.levels].map(([split, { parts }]) => [split, parts[0] ?? split]))
  return splitsOf({ ...contents, name, called, notes: layout.notes }, parsed)
}

/** All that lies below a folder. */
function filesOf(root: string): SourceFiles {
  const pictures: Picture[] = []
  const refused: LeftFile[] = []
  const foreign: LeftFile[] = []
  namesOfFolders(root)
  const partsOf = (name: string): readonly string[] => name.split('/').slice(1)
  walkImages(root, '', {
    image: (path, name) => pictures.push({ path, parts: partsOf(name) }),
    refused: (name, reason) => refused.push({ parts: partsOf(name), reason }),
    foreign: (name, reason) => foreign.push({ parts: partsOf(name), reason }),
  })
  return { pictures, refused, foreign, folders: [] }
}

/** The folders among which classes stand, with or without pictures. */
function foldersOfClasses(root: string, { levels }: Layout): readonly (readonly string[])[] {
  return [...levels.values()].flatMap(({ parts }) =>
    namesOfFolders(join(root, ...parts)).map((name) => [...parts, name]),
  )
}

function namesOfFolders(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      isFolder(entry, join(folder, entry.name)) && !isHiddenName(entry.name) ? [entry.name] : [],
    )
  } catch (cause) {
    throw unreadable(folder, 'a folder with a folder for each class', cause)
  }
}

function noImages(folder: string, { refused, foreign }: SourceFiles): ConvzooError {
  const [first] = [...refused, ...foreign]
  return new ConvzooError({
    kind: 'data',
    message: `${folder} holds no class with an image.`,
    expected: 'a folder for each class, such as train/cat/1.jpg and train/dog/1.jpg',
    ...(first === undefined ? {} : { received: `${first.parts.join('/')}: ${first.reason}` }),
  })
}
