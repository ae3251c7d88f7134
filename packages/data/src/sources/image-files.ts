import { statSync } from 'node:fs'
import { ConvzooError } from '@convzoo/core'
import { unreadable } from '@convzoo/files'
import type { BadImage, ImageListing, ImageReference } from '../images/index.js'
import { walkImages } from './walk.js'

/**
 * A listing of image files and of those in folders, whose classes nobody knows: all have label 0.
 *
 * @throws ConvzooError of kind `file` if a path leads to nothing.
 * @example
 * const listing = imageFiles(['holiday.jpg', 'album'], ['cat', 'dog'])
 */
export function imageFiles(paths: readonly string[], classes: readonly string[]): ImageListing {
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
    const mend =
      'give the folder that holds the images: no file is called so, and cmd and PowerShell hand patterns on as they are'
    throw new ConvzooError({ ...error.toFields(), mend })
  }
}
