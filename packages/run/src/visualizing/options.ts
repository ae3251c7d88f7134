import { ConvzooError, type Split } from '@convzoo/core'
import { defineOptions, integer, matching, oneOf, optional, splitNames, text } from '@convzoo/core/define'
import { placesKind } from '../opened/places.js'
import { methods, type VisualizeMethod, visualizeMethods } from './methods.js'

/** What of a network is drawn, and of which images: files, or those of a source. */
export interface VisualizeOptions {
  readonly method: VisualizeMethod
  /** Paths of images and folders; the run's own images by default. */
  readonly images?: readonly string[] | undefined
  /** Another source than the run's. */
  readonly data?: string | undefined
  /** The test split by default, or else the validation split. */
  readonly split?: Split | undefined
  /** Places in the split; the first by default, and of a deconvnet and an evolution all. */
  readonly index?: readonly number[] | undefined
  /** A layer by its name; by default the first convolution, and of what ends in maps the last layer that gives some. */
  readonly layer?: string | undefined
  /** Maps of a layer, or units, of a deconvnet or an evolution; by default the nine that were the most active. */
  readonly units?: readonly number[] | undefined
  /** So many images for each of them; 9 by default. */
  readonly count?: number | undefined
  /** The class that is asked about, by name or place; by default the one that the network takes an image for. */
  readonly class?: string | number | undefined
  /** Pixels of a side of the square that covers; a fifth of the image by default. */
  readonly square?: number | undefined
  /** Pixels from one place of it to the next; a third of its side by default. */
  readonly stride?: number | undefined
  /** Noisy copies; 50 by default. */
  readonly samples?: number | undefined
  /** Places on the way from the baseline; 50 by default. */
  readonly steps?: number | undefined
}

export const visualizeOptions = defineOptions({
  method: oneOf(...visualizeMethods),
  images: optional(
    matching(
      'paths of images and folders',
      (given): given is readonly string[] =>
        Array.isArray(given) && given.length > 0 && given.every((each) => typeof each === 'string' && each !== ''),
    ),
  ),
  data: optional(text),
  split: optional(oneOf(...splitNames)),
  index: optional(placesKind),
  layer: optional(text),
  units: optional(placesKind),
  count: optional(integer(1)),
  class: optional(
    matching(
      'the name of a class, or its place',
      (given): given is string | number =>
        (typeof given === 'string' && given !== '') || (Number.isSafeInteger(given) && Number(given) >= 0),
    ),
  ),
  square: optional(integer(1)),
  stride: optional(integer(1)),
  samples: optional(integer(1)),
  steps: optional(integer(1)),
})

export type ParsedVisualizeOptions = ReturnType<typeof visualizeOptions.parse>

const ofImages = ['images', 'data', 'split', 'index'] as const
const ofMethods = ['layer', 'units', 'count', 'class', 'square', 'stride', 'samples', 'steps'] as const

/**
 * Refuses options of which one would be ignored.
 *
 * @throws ConvzooError of kind `option` that names them.
 */
export function requireTaken(options: ParsedVisualizeOptions): void {
  const { method, images } = options
  const given = (names: readonly (keyof ParsedVisualizeOptions)[]) =>
    names.filter((name) => options[name] !== undefined)
  const { takes } = methods[method]
  const left = given(ofMethods).filter((name) => !takes.includes(name))
  const unseen = method === 'filters' ? given(ofImages) : images === undefined ? [] : given(['data', 'split', 'index'])
  const unused = [...left, ...unseen]
  if (unused.length === 0) return
  const expected = method === 'filters' ? takes : [...(images === undefined ? ofImages : ['images']), ...takes]
  throw new ConvzooError({
    kind: 'option',
    message: `These options do not go with the method ${method}.`,
    expected: `of the options ${expected.join(', ')}`,
    received: unused.join(', '),
  })
}
