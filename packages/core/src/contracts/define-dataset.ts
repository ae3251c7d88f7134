import { ConvzooError, describeValue } from '../errors/index.js'
import {
  type Defined,
  defined,
  defineOptions,
  functionOf,
  type Given,
  invalid,
  isOptionsObject,
  type OptionKinds,
  type OptionsInput,
  type OptionsOutput,
  oneOf,
  optional,
  optionKinds,
  requireArguments,
  text,
} from '../options/index.js'
import { definedKind } from '../recognise/index.js'
import { formatShape, sameShape } from '../shape.js'
import {
  type Dataset,
  datasetSpecification,
  type SplitDataset,
  type SplitImages,
  splitNames,
  type WantedImages,
} from './dataset.js'
import { classNames, imageShapeKind, indicesKind, pixels, preprocessingKind } from './dataset-kinds.js'
import type { Preprocessing } from './preprocessing.js'
import { requireSpecification } from './specification.js'

/** Makes the images of a split, when they are asked for. */
export type SplitLoader = (wanted: WantedImages) => SplitImages | Promise<SplitImages>

/** What a set of images has, for one choice of its options. */
export interface DatasetParts {
  /** By index, the same in all splits. */
  readonly classes: readonly string[]
  /** The set's own statistics: how its images are prepared for a network that has no say in it. */
  readonly preprocessing?: Preprocessing | undefined
  /** The images to learn from. */
  readonly train: SplitLoader
  /** Those to look at while training goes on. Without them a part of `train` is set aside where that is asked for. */
  readonly validation?: SplitLoader | undefined
  /** Those to look at once, at the end. */
  readonly test?: SplitLoader | undefined
}

/** All there is to know of a set of images. */
export interface DatasetDescription<S extends OptionKinds> {
  readonly specification: typeof datasetSpecification
  /** As configurations and flags write it: `--data shapes`. */
  readonly name: string
  /** In a line, for lists and help. */
  readonly title: string
  /** Where it was published. */
  readonly source?: string
  readonly options: S
  /** Which classes and splits there are. Images are better left to the splits' own functions: only what is used is loaded then. */
  readonly load: (options: OptionsOutput<S>) => DatasetParts | Promise<DatasetParts>
}

/** A set of images as a table of all sets holds it. */
export interface DatasetDefinition extends Defined {
  readonly specification: typeof datasetSpecification
  /** The set of these options, such as a file holds: they are checked. */
  make(options: unknown): Promise<SplitDataset>
}

/** A set of images: a function that finds it by its options, and the data that lists, flags and schemas are made of. */
export type DatasetMaker<S extends OptionKinds> = ((...given: Given<OptionsInput<S>>) => Promise<SplitDataset>) &
  DatasetDefinition

const descriptionParts = defineOptions({
  specification: text,
  name: text,
  title: text,
  source: optional(text),
  options: optionKinds,
  load: functionOf(),
})

const loader = functionOf<SplitLoader>()

const datasetParts = defineOptions({
  classes: classNames,
  preprocessing: optional(preprocessingKind),
  train: loader,
  validation: optional(loader),
  test: optional(loader),
})

const wantedParts = defineOptions({ imageShape: imageShapeKind, preprocessing: optional(preprocessingKind) })

const labelledParts = defineOptions({ images: pixels, shape: imageShapeKind, labels: indicesKind })

/**
 * Defines a set of images that can be chosen by name: `--data shapes`. The result finds the set by its options; its splits are loaded when
 * they are asked for, and what they hold is checked.
 *
 * @throws ConvzooError of kind `option` for a part of a definition that is unknown or does not fit, of kind `specification` for an
 * unknown contract. What it makes rejects with one of kind `option` for a bad option, or where `load` gives what is no set of images.
 * @example
 * const halves = defineDataset({
 *   specification: 'dataset/v1',
 *   name: 'halves',
 *   title: 'images that are dark or light',
 *   options: { count: described('images to train on', optional(integer(2), 100)) },
 *   load: ({ count }) => ({
 *     classes: ['dark', 'light'],
 *     train: () => {
 *       const labels = Array.from({ length: count }, (_, index) => index % 2)
 *       return { images: Uint8Array.from(labels, (label) => 255 * label), shape: [1, 1, 1], labels }
 *     },
 *   }),
 * })
 * const { classes, splits } = await halves({ count: 10 })
 */
export function defineDataset<const S extends OptionKinds>(description: DatasetDescription<S>): DatasetMaker<S> {
  const { name, title, source } = descriptionParts.parse('defineDataset', description)
  requireSpecification(`The dataset "${name}"`, description.specification, datasetSpecification)
  const options = defineOptions(description.options)
  const make = async (given: unknown): Promise<SplitDataset> => {
    const parts: unknown = await description.load(options.parse(name, given as OptionsInput<S>))
    return splitDataset(name, parts as DatasetParts)
  }
  return defined('dataset', (...[given]: Given<OptionsInput<S>>) => make(given), {
    specification: description.specification,
    name,
    title,
    source,
    options: options.kinds,
    make,
  })
}

/** Whether this is a definition of a dataset, and no dataset yet; also one that another copy of core made. */
export function isDatasetDefinition(value: unknown): value is DatasetDefinition {
  return definedKind(value) === 'dataset'
}

function splitDataset(name: string, given: DatasetParts): SplitDataset {
  const { classes, preprocessing, ...loaders } = datasetParts.parse(`what the dataset ${name} loads`, given)
  const splits = splitNames.filter((split) => loaders[split] !== undefined)
  return {
    specification: datasetSpecification,
    name,
    classes,
    ...(preprocessing === undefined ? {} : { preprocessing }),
    splits,
    async load(split, wanted) {
      requireArguments(`load of the dataset ${name}`, { split: [oneOf(...splitNames), split] })
      const fitting = wantedParts.parse(`load of the dataset ${name}`, wanted)
      const load = loaders[split]
      if (load === undefined) {
        throw new ConvzooError({
          kind: 'data',
          message: `The dataset ${name} has no ${split} split.`,
          expected: splits.join(' or '),
          received: split,
        })
      }
      const images: unknown = await load(fitting)
      if (isOptionsObject(images) && 'specification' in images) {
        return fittingDataset(`The ${split} split of the dataset ${name}`, images as Dataset, { classes, ...fitting })
      }
      return labelledParts.parse(
        `the ${split} split of the dataset ${name}`,
        images as SplitImages & { specification?: never },
      )
    },
  }
}

/** A split that gives its images as the network wants them: whether it does is said of it here. */
function fittingDataset(
  subject: string,
  dataset: Dataset,
  { classes, imageShape }: Pick<Dataset, 'classes' | 'imageShape'>,
): Dataset {
  requireSpecification(subject, dataset.specification, datasetSpecification)
  const misfit = (what: string, expected: string, received: unknown): ConvzooError =>
    new ConvzooError({ kind: 'data', message: `${subject} has ${what}.`, expected, received: describeValue(received) })
  if (!Array.isArray(dataset.classes) || dataset.classes.join('\n') !== classes.join('\n')) {
    throw misfit('other classes than it says', classes.join(', '), dataset.classes)
  }
  if (imageShapeKind.parse(dataset.imageShape, '') === invalid || !sameShape(dataset.imageShape, imageShape)) {
    throw misfit('images of another shape than was asked for', formatShape(imageShape), dataset.imageShape)
  }
  return dataset
}
