import { markersOf } from '../jpeg/frame.js'
import type { Header } from './header.js'
import { samplingOf } from './jpeg-sampling.js'
import { tiffTags } from './tiff-tags.js'

/**
 * The header of an ordinary JPEG, read where it lies: what the careful decoder says of it, without a start of that decoder, which takes half a
 * millisecond. Undefined for any other picture, and where anything is unusual.
 */
export function plainJpegHeader(bytes: Buffer, maxPixels: number): Header | undefined {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return undefined
  const scan = markersOf(bytes).next(2)
  if (scan === undefined || scan === 'end') return undefined
  const { width, height, components } = scan.frame
  const orientation = orientationOf(scan.exif)
  if (orientation === undefined || width * height > maxPixels) return undefined
  const sampling = samplingOf(bytes)
  const isTurned = orientation > 4
  return {
    width: isTurned ? height : width,
    height: isTurned ? width : height,
    orientation,
    colours: components.length === 1 ? 'grey' : 'rgb',
    hasAlpha: false,
    samples: 'uchar',
    quick: 'jpeg',
    isUneven: sampling !== undefined && sampling.across !== sampling.down,
  }
}

/** Of none, or one that is well made. */
function orientationOf([first, ...more]: readonly Buffer[]): number | undefined {
  if (first === undefined) return 1
  const tags = tiffTags(first)
  if (tags === undefined || !tags.isWhole || more.length > 0) return undefined
  return tags.orientation >= 1 && tags.orientation <= 8 ? tags.orientation : undefined
}
