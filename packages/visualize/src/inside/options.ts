import type { Dataset } from '@convzoo/core'
import {
  abortSignal,
  defineOptions,
  functionOf,
  integer,
  isFloat32Array,
  matching,
  oneOf,
  optional,
  text,
  texts,
  withMethods,
} from '@convzoo/core/define'
import { historyKind } from './history.js'

/** The options that the methods share, each once. */

const places = matching(
  'a list of whole numbers from 0',
  (given): given is readonly number[] =>
    Array.isArray(given) && given.every((each) => Number.isSafeInteger(each) && each >= 0),
)

const looking = {
  batchSize: optional(integer(1), 16),
  signal: optional(abortSignal),
  onProgress: optional(functionOf<(done: number, total: number) => void>()),
}

const images = matching('a Float32Array of images, [N, H, W, C]', isFloat32Array)

const number = matching('a number', (given): given is number => typeof given === 'number' && Number.isFinite(given))

const explaining = { ...looking, images, classes: optional(places) }

const gradients = { ...explaining, of: optional(oneOf('score', 'probability'), 'score') }

/** Copies of an image at most: more say nothing more. */
const mostCopies = 10_000

const copies = matching(
  `a whole number from 1 to ${mostCopies}`,
  (given): given is number => typeof given === 'number' && Number.isInteger(given) && given >= 1 && given <= mostCopies,
)

const above = (limit: number) =>
  matching(`a number above ${limit}`, (given): given is number => typeof given === 'number' && given > limit)

export const activationsOptions = defineOptions({ ...looking, images, layer: text })
export const explainingOptions = defineOptions(explaining)
export const gradientOptions = defineOptions(gradients)
export const smoothGradOptions = defineOptions({
  ...gradients,
  samples: optional(copies, 50),
  noise: optional(above(0), 0.15),
  seed: optional(integer(0), 1),
})
export const integratedOptions = defineOptions({
  ...gradients,
  steps: optional(copies, 50),
  baseline: optional(number, 0),
})
export const gradCamOptions = defineOptions({ ...gradients, layer: optional(text) })
export const occlusionOptions = defineOptions({
  ...explaining,
  square: optional(integer(1)),
  stride: optional(integer(1)),
  fill: optional(number, 0),
  layer: optional(text),
})
export const deconvnetOptions = defineOptions({ ...looking, images, layer: text, units: optional(places) })
const dataset = withMethods<Dataset>('a dataset, such as mnist(…) or arrayDataset(…) of @convzoo/data give', 'batch')

export const topOptions = defineOptions({
  ...looking,
  layer: text,
  dataset,
  units: optional(places),
  count: optional(integer(1), 9),
})
export const filtersOptions = defineOptions({ layer: optional(text) })
export const evolutionOptions = defineOptions({ ...looking, layer: text, dataset, units: places, history: historyKind })
export const diagnoseOptions = defineOptions({
  ...looking,
  dataset,
  samples: optional(integer(1), 500),
  classes: optional(texts),
  history: optional(historyKind),
})
