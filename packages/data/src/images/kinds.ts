import { isOptionsObject, matching, type Option } from '@convzoo/core/define'
import type { ImageListing, ImageReference } from './reference.js'

const isReference = (given: unknown): given is ImageReference =>
  isOptionsObject(given) &&
  'path' in given &&
  typeof given.path === 'string' &&
  'name' in given &&
  typeof given.name === 'string' &&
  'label' in given &&
  typeof given.label === 'number'

export const isListing = (given: unknown): given is ImageListing =>
  isOptionsObject(given) &&
  'name' in given &&
  typeof given.name === 'string' &&
  'classes' in given &&
  Array.isArray(given.classes) &&
  given.classes.every((name) => typeof name === 'string') &&
  'images' in given &&
  Array.isArray(given.images) &&
  given.images.every(isReference) &&
  'refused' in given &&
  Array.isArray(given.refused)

/** What a source holds. */
export const listingKind: Option<ImageListing, ImageListing> = matching(
  'a listing of images, such as the train of what imageFolder(…) gives',
  isListing,
)
