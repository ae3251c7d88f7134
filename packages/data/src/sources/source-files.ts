import type { Split } from '@convzoo/core'
import type { ImageReference } from '../images/index.js'
import { isImageName } from './formats.js'
import { labelOf } from './labels.js'
import { type Layout, placesOf } from './layout.js'
import { extensionOf, inOneForm, stemOf } from './names.js'
import { type Contents, noContents } from './splits.js'

/** A picture that is to be put into a class by where it lies. */
export interface Picture extends Pick<ImageReference, 'path' | 'offset' | 'length'> {
  /** Its folders and its name, from the source's root on. */
  readonly parts: readonly string[]
}

/** What a source holds besides: where, and why it is no picture or cannot be used. */
export interface LeftFile {
  readonly parts: readonly string[]
  readonly reason: string
}

/** All that lies in a folder or an archive. */
export interface SourceFiles {
  readonly pictures: readonly Picture[]
  readonly refused: readonly LeftFile[]
  readonly foreign: readonly LeftFile[]
  /** Folders, from the root on, of which some may be without a picture. */
  readonly folders: readonly (readonly string[])[]
}

/** Words between a picture's name and its extension that say that it belongs to another: `0.mask.png` beside `0.jpg`. */
const companionWords = new Set([
  'mask',
  'masks',
  'seg',
  'segmentation',
  'depth',
  'alpha',
  'trimap',
  'label',
  'labels',
  'annotation',
  'matte',
])

/** Puts the files of a source into splits and classes, as a layout says. `nameOf` says what a report calls them. */
export function placeFiles(
  files: SourceFiles,
  layout: Layout,
  nameOf: (parts: readonly string[], rest: readonly string[]) => string,
): Pick<Contents, 'images' | 'refused' | 'foreign'> {
  const contents = noContents()
  const placeOf = placesOf(layout)
  const stems = new Set(files.pictures.map(({ parts }) => inOneForm(stemOf(parts.join('/')))))
  for (const { parts, ...image } of files.pictures) {
    const place = placeOf(parts)
    if (place.kind === 'aside') continue
    const { split, rest } = place
    const name = nameOf(parts, rest)
    const owner = ownerOf(parts.join('/'))
    if (owner !== undefined && stems.has(inOneForm(owner))) {
      contents.foreign[split].push({ name, reason: 'belongs to the picture of that name' })
    } else if (place.kind === 'none') {
      contents.refused[split].push({ name, reason: 'in no folder of a class' })
    } else {
      const label = labelOf(place.folder)
      if ('reason' in label) contents.refused[split].push({ name, reason: label.reason })
      else contents.images[split].push({ ...image, name, key: rest.join('/'), className: label.className })
    }
  }
  for (const [what, left] of [
    ['refused', files.refused],
    ['foreign', files.foreign],
  ] as const) {
    for (const { parts, reason } of left) {
      const place = placeOf(parts)
      if (place.kind !== 'aside') contents[what][place.split].push({ name: nameOf(parts, place.rest), reason })
    }
  }
  for (const { split, parts } of emptyClasses(files, layout)) {
    contents.foreign[split].push({ name: `${nameOf(parts, parts.slice(-1))}/`, reason: 'a class with no image' })
  }
  return contents
}

/** The picture, without its extension, to which one with such a word in its name belongs. */
function ownerOf(path: string): string | undefined {
  const stem = stemOf(path)
  if (!isImageName(path) || !companionWords.has(extensionOf(stem))) return undefined
  return stemOf(stem)
}

/** Folders where classes stand that hold no picture at all. */
function* emptyClasses(
  { folders }: SourceFiles,
  { levels }: Layout,
): Generator<{ readonly split: Split; readonly parts: readonly string[] }, void, undefined> {
  for (const [split, level] of levels) {
    for (const parts of folders) {
      const isAmong = parts.length === level.parts.length + 1 && level.parts.every((part, at) => parts[at] === part)
      if (isAmong && !level.folders.has(inOneForm(parts.at(-1) ?? ''))) yield { split, parts }
    }
  }
}
