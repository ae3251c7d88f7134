import type { Pixels } from '../augment/image.js'
import type { PictureForm } from '../augment/placement.js'
import type { ImageReference } from '../images/reference.js'

/** Decoded pictures, as one worker sees them. */
export interface PictureCache {
  /** Where a picture is kept, or will be. */
  place(image: ImageReference, form: PictureForm): PicturePlace
}

/** A picture's place in a cache. */
export interface PicturePlace {
  /** What was kept there. */
  readonly found: Pixels | undefined
  /** Keeps a picture, or says why it is not. */
  keep(picture: Pixels): Keeping
}

/** What became of a picture that was to be kept. */
export interface Keeping {
  /** The same in memory that all threads share. */
  readonly shared?: Pixels
  /** There was no room for it. */
  readonly isFull?: boolean
  /** What keeps everything from being kept from now on. */
  readonly trouble?: string | undefined
}
