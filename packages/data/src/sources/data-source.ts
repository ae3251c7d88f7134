import { ConvzooError, type Dataset, type ImageShape, type Preprocessing, type Split } from '@convzoo/core'
import {
  boolean,
  defineOptions,
  isOptionsObject,
  matching,
  oneOf,
  optional,
  requireArguments,
  splitNames,
} from '@convzoo/core/define'
import type { CacheOptions } from '../cache/index.js'
import { imageDatasetParts } from '../images/image-dataset.js'
import { type BadImageOptions, imageDataset } from '../images/index.js'
import type { ImageSplits } from './splits.js'

/** How one split of a source is loaded. What is of no use for a source is checked, and of no effect. */
export interface LoadOptions extends BadImageOptions, CacheOptions {
  readonly imageShape: ImageShape
  readonly preprocessing?: Preprocessing
  readonly limit?: number
  readonly workers?: number
  /** Whether the images to train on may be of one class alone, from which a network learns nothing; false by default. */
  readonly allowOneClass?: boolean
}

export const loadKind = matching('{ imageShape: [height, width, channels] }, and more', (given): given is LoadOptions =>
  isOptionsObject(given),
)

/** What may be chosen when a split is loaded, also where a source has no use for it. */
const loadParts = defineOptions({ ...imageDatasetParts, allowOneClass: optional(boolean, false) })

/** Data to train on, to look at while training, and to test on, whatever it is made of. */
export interface DataSource {
  readonly name: string
  readonly classes: readonly string[]
  /** The set's own statistics, where it is known for them. */
  readonly preprocessing?: Preprocessing
  /** The images as they are stored, where they are files. */
  readonly images?: ImageSplits
  /** Which splits it has, in the order of core's `splitNames`; `train` is among them. */
  readonly splits: readonly Split[]
  /** What whoever trains on it should know, a line each. */
  readonly notes: readonly string[]
  /** @throws ConvzooError of kind `data` if it has no such split, or one class alone to train on. */
  load(split: Split, options: LoadOptions): Promise<Dataset>
}

/** A source without its checks, which are the same for all. */
type Unchecked = Omit<DataSource, 'load'> & {
  open(split: Split, options: Omit<LoadOptions, 'allowOneClass'>): Promise<Dataset>
}

/** The source with what is checked whenever a split is loaded. */
export function checkedSource({ open, ...source }: Unchecked): DataSource {
  return {
    ...source,
    load: async (split, options) => {
      requireArguments(`load of ${source.name}`, { split: [oneOf(...splitNames), split], options: [loadKind, options] })
      loadParts.parse(`Loading ${source.name}`, options)
      const { allowOneClass = false, ...others } = options
      if (!source.splits.includes(split)) throw noSplit(source, split)
      if (split === 'train' && source.classes.length < 2 && !allowOneClass) throw oneClass(source)
      return open(split, others)
    },
  }
}

/** A source of image files. */
export function ofImages(images: ImageSplits): DataSource {
  const { train, validation, test, notes } = images
  const listings = new Map(
    (
      [
        ['train', train],
        ['validation', validation],
        ['test', test],
      ] as const
    ).flatMap(([split, listing]) => (listing === undefined ? [] : [[split, listing] as const])),
  )
  return checkedSource({
    name: train.name,
    classes: train.classes,
    images,
    splits: [...listings.keys()],
    notes,
    open: async (split, options) => imageDataset(listings.get(split) ?? train, options),
  })
}

function noSplit({ name, splits }: Pick<DataSource, 'name' | 'splits'>, split: Split): ConvzooError {
  return new ConvzooError({
    kind: 'data',
    message: `${name} has no ${split} split.`,
    expected: splits.join(' or '),
    received: String(split),
    ...(split === 'validation'
      ? { hint: 'set a part aside with the option "validationSplit" (--validation-split)' }
      : {}),
  })
}

function oneClass({ name, classes }: Pick<DataSource, 'name' | 'classes'>): ConvzooError {
  return new ConvzooError({
    kind: 'data',
    message: `${name} has one class to train on: a network has nothing to tell apart.`,
    expected: 'two classes or more, each in a folder of its own or with a label of its own',
    received: classes[0] ?? 'none',
    hint: 'give the folder that holds the folders of all classes',
  })
}
