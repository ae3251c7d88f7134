import type { BadImage, ImageListing, ImageReference } from '../images/index.js'
import { stratifiedSplit } from '../images/select.js'

/** What a source gives to train on, and to validate on. */
export interface ImageSplits {
  readonly train: ImageListing
  readonly validation: ImageListing
}

/** How a source without a validation part of its own is parted. */
export interface SplitOptions {
  /** Part of each class; 0.2 by default. */
  readonly validationPart?: number
  /** Chooses the images; 1 by default. It is no part of a run's seed, so that runs with other seeds validate on the same images. */
  readonly splitSeed?: number
}

/** Parts a listing, of every class the same part. */
export function splitListing(
  listing: ImageListing,
  { validationPart = 0.2, splitSeed = 1 }: SplitOptions,
): ImageSplits {
  const { train, validation } = stratifiedSplit(listing.images, validationPart, splitSeed)
  return {
    train: { ...listing, images: train },
    validation: { ...listing, images: validation, refused: [] },
  }
}

/** An image whose class is known by name. */
export interface NamedImage extends Omit<ImageReference, 'label'> {
  readonly className: string
}

/** A listing of images whose classes are known by name: those given, or those that occur, in the order of their names. */
export function listingOf(
  name: string,
  images: readonly NamedImage[],
  refused: readonly BadImage[],
  classes: readonly string[] = [...new Set(images.map(({ className }) => className))].sort(byClassName),
): ImageListing {
  const labels = new Map(classes.map((className, label) => [className, label]))
  const known: ImageReference[] = []
  const outside: BadImage[] = []
  for (const { className, ...image } of images) {
    const label = labels.get(className)
    if (label === undefined) outside.push({ name: image.name, reason: `a label outside the classes: ${className}` })
    else known.push({ ...image, label })
  }
  return { name, classes, images: known, refused: [...refused, ...outside] }
}

/** Numbers by their value, other names by their characters. */
function byClassName(a: string, b: string): number {
  if (/^\d+$/.test(a) && /^\d+$/.test(b)) return Number(a) - Number(b)
  return a < b ? -1 : a > b ? 1 : 0
}
