import type { Pixels } from '../augment/image.js'
import type { Part, Size } from '../augment/placement.js'
import type { DecodeLimits, Header } from './header.js'

/** A picture as it was decoded, and where on it the file's lies, if that is a little larger. */
export interface LoadedPixels extends Pixels {
  readonly covered?: Part
}

/**
 * From which reduction on a JPEG is decoded at an eighth, a quarter or a half, and the divisor by which libvips is asked to shrink it:
 * the least at which it takes that fraction. The triangle filter has the rest to do, most of the work: then the pixels stay within 0.45
 * of 255 of those of the whole, in the mean over photographs and pages of text.
 */
const fractions = [
  { from: 60, divisor: 9 },
  { from: 25, divisor: 5 },
  { from: 9, divisor: 3 },
] as const

/** To what a JPEG is shrunk while it is decoded, if it is shrunk to a size later. */
export function sizeOnLoad(
  { width, height, quick, isUneven }: Header,
  resized: Size,
  { shrinkOnLoad }: DecodeLimits,
): Size | undefined {
  if (quick !== 'jpeg' || !shrinkOnLoad) return undefined
  // Colours that are halved one way alone are decoded at half of the fraction: their share of the work is smaller by as much.
  const reduction = Math.min(width / resized.width, height / resized.height) / (isUneven ? 2 : 1)
  const divisor = fractions.find(({ from }) => reduction >= from)?.divisor
  if (divisor === undefined) return undefined
  return { width: Math.floor(width / divisor), height: Math.floor(height / divisor) }
}

/**
 * Where on a JPEG that was shrunk to a size the file's picture lies. Decoded at a fraction, it has a whole number of pixels; a last one
 * that would not be whole is left out, on the right and at the bottom, or where those are once it is turned. Without this, all of it
 * is shifted by up to four of the file's pixels.
 */
export function coveredBy({ width, height, orientation }: Header, size: Size): Part {
  const fraction = fractionOnLoad(Math.min(width / size.width, height / size.height))
  const covered = {
    width: (size.width * width) / (fraction * Math.floor(width / fraction)),
    height: (size.height * height) / (fraction * Math.floor(height / fraction)),
  }
  return {
    ...covered,
    left: [2, 3, 6, 7].includes(orientation) ? size.width - covered.width : 0,
    top: [3, 4, 7, 8].includes(orientation) ? size.height - covered.height : 0,
  }
}

/** The fraction at which sharp has a JPEG decoded that is shrunk so much, as its pipeline chooses it. */
function fractionOnLoad(reduction: number): number {
  const fraction = [8, 4, 2].find((each) => reduction >= each) ?? 1
  return Math.floor(reduction) === fraction && fraction > 1 ? fraction / 2 : fraction
}
