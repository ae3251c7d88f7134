import type { Dataset, LabelledImages, Split, SplitDataset, WantedImages } from '@convzoo/core'
import {
  type DatasetDefinition,
  defineOptions,
  isDatasetDefinition,
  isOptionsObject,
  matching,
  requireArguments,
  splitNames,
} from '@convzoo/core/define'
import { arrayDataset } from '../dataset/array-dataset.js'
import { checkedLimit } from '../dataset/checks.js'
import { labelsOf, selected } from '../dataset/selected.js'
import { stratifiedSplit } from '../images/select.js'
import { checkedSource, type DataSource } from './data-source.js'
import { splitOptions } from './options.js'
import { defaultValidationSplit, requireUndivided, type SplitOptions } from './splits.js'

const definitionKind = matching<DatasetDefinition>('a dataset that defineDataset(…) has defined', isDatasetDefinition)
const optionsKind = matching('an object of options', isOptionsObject)
const divisionParts = defineOptions(splitOptions)

/**
 * A set of images that a plugin defines, as a source: its images are made to fit any network, and some of those to train on are set aside
 * to validate on, where that is asked for or it has no other split. Of a split that gives its images as the network wants them, the part
 * that is set aside is chosen class by class only if it says of which class they are (`labels`).
 *
 * @param options The set's own, checked as the definition says.
 * @throws ConvzooError of kind `option` for a bad option, or a part to set aside of a set that has images to validate on.
 * @example
 * const source = await sourceOf(shapes, { count: 300 })
 * const dataset = await source.load('train', { imageShape: [28, 28, 1] })
 */
export async function sourceOf(
  definition: DatasetDefinition,
  options: object = {},
  division: SplitOptions = {},
): Promise<DataSource> {
  requireArguments('sourceOf', { definition: [definitionKind, definition], options: [optionsKind, options] })
  const { validationSplit, splitSeed } = divisionParts.parse('sourceOf', division)
  const set = await definition.make(options)
  const { name, classes, splits: own } = set
  requireUndivided({ name, called: new Map(own.map((split) => [split, split])) }, validationSplit)
  const part = validationSplit ?? (own.length > 1 ? 0 : defaultValidationSplit)
  const splits = splitNames.filter((split) => own.includes(split) || (split === 'validation' && part > 0))
  const open = opener(set)
  return checkedSource({
    name,
    classes,
    ...(set.preprocessing === undefined ? {} : { preprocessing: set.preprocessing }),
    splits,
    notes: [],
    open: async (split, { imageShape, preprocessing = set.preprocessing, limit }) => {
      const most = limit === undefined ? Number.POSITIVE_INFINITY : checkedLimit(limit)
      const isDivided = part > 0 && split !== 'test'
      const whole = await open(isDivided ? 'train' : split, { imageShape, preprocessing })
      if (!isDivided && whole.length <= most) return whole
      const labels = labelsOf(whole)
      const samples = Array.from({ length: whole.length }, (_, index) => ({ index, label: labels?.[index] ?? 0 }))
      const chosen = isDivided ? stratifiedSplit(samples, part, splitSeed)[split] : samples
      return selected(
        whole,
        chosen.slice(0, most).map(({ index }) => index),
      )
    },
  })
}

/** Loads splits as datasets. Images in memory are loaded once, however often they are asked for. */
function opener({ name, classes, load }: SplitDataset): (split: Split, wanted: WantedImages) => Promise<Dataset> {
  const kept = new Map<Split, LabelledImages>()
  return async (split, wanted) => {
    const images = kept.get(split) ?? (await load(split, wanted))
    if ('specification' in images) return images
    kept.set(split, images)
    return arrayDataset({ ...images, ...wanted, classes, name })
  }
}
