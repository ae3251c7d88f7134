import { isOptionsObject, matching, type Option, splitNames } from '@convzoo/core/define'
import { isListing } from '../images/kinds.js'
import type { ImageSplits } from './splits.js'

/** Listings by split; the one to train on is there. */
export const splitsKind: Option<ImageSplits, ImageSplits> = matching(
  'splits of images, as imageFolder(…) gives them',
  (given): given is ImageSplits =>
    isOptionsObject(given) &&
    'train' in given &&
    splitNames.every((split) => {
      const listing: unknown = Reflect.get(given, split)
      return isListing(listing) || (listing === undefined && split !== 'train')
    }),
)
