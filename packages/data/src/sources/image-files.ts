import { statSync } from 'node:fs'
import { ConvzooError } from '@convzoo/core'
import { invalid, matching, requireArguments, texts } from '@convzoo/core/define'
import { pathOption, unreadable } from '@convzoo/files'
import type { BadImage, ImageListing, ImageReference } from '../images/index.js'
import { walkImages } from './walk.js'

const somePaths = matching(
  'a list of at least one path',
  (given): given is readonly string[] =>
    Array.isArray(given) && given.length > 0 && given.every((path) => pathOption.parse(path, '') !== invalid),
)

/**
 * A listing of image files and of those in folders, whose classes nobody knows: all have label 0.
 *
 * @throws ConvzooError of kind `option` if there is no path, of kind `file` if one leads to nothing.
 * @example
 * const listing = imageFiles(['holiday.jpg', 'album'], ['cat', 'dog'])
 */
export function imageFiles(paths: readonly string[], classes: readonly string[]): ImageListing {
  requireArguments('imageFiles', { paths: [somePaths, paths], classes: [texts, classes] })
  const images: ImageReference[] = []
  const refused: BadImage[] = []
  const foreign: BadImage[] = []
  for (const path of paths) {
    if (isDirectory(path)) {
      walkImages(path, path.replace(/[/\\]+$/, ''), {
        image: (file, name) => images.push({ path: file, name, label: 0 }),
        refused: (name, reason) => refused.push({ name, reason }),
        foreign: (name, reason) => foreign.push({ name, reason }),
      })
    } else images.push({ path, name: path, label: 0 })
  }
  return { name: 'the given files', classes, images, refused, foreign }
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch (cause) {
    const error = unreadable(path, 'an image, or a folder of images', cause)
    if (!/[*?]/.test(path)) throw error
    // Shells of POSIX put the names of files in its place, where there are any.
    const hint =
      'give the folder that holds the images: no file is called so, and cmd and PowerShell hand patterns on as they are'
    throw new ConvzooError({ ...error.toFields(), hint })
  }
}
