import { matching } from '@convzoo/core/define'

/** Places in a list, from 0: of images, or of maps. */
export const placesKind = matching(
  'a list of places',
  (given): given is readonly number[] =>
    Array.isArray(given) && given.every((each) => typeof each === 'number' && Number.isSafeInteger(each) && each >= 0),
)
