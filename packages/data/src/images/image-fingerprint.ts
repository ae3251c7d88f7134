import { statSync } from 'node:fs'
import { addSample, startFingerprint } from '../dataset/fingerprint.js'
import { inTimeSlices } from '../dataset/time-slices.js'
import type { ImageReference } from './reference.js'

/** A hash of which images these are: their names within their source, their sizes and their classes. Nothing of them is read. */
export async function imageFingerprint(classes: readonly string[], images: readonly ImageReference[]): Promise<string> {
  const hash = startFingerprint(classes)
  await inTimeSlices(images.length, (index) => {
    const image = images[index]
    if (image !== undefined) addSample(hash, image.key ?? image.name, bytesOf(image), classes[image.label] ?? '')
  })
  return hash.digest('hex')
}

/** How many bytes an image has; -1 where there is none. */
export function bytesOf({ path, offset = 0, length }: ImageReference): number {
  if (length !== undefined) return length
  try {
    const status = statSync(path)
    return status.isFile() ? status.size - offset : -1
  } catch {
    return -1
  }
}
