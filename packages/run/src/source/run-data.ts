import { ConvzooError, type Dataset, type Split } from '@convzoo/core'
import type { DataSource, LoadOptions } from '@convzoo/data'
import { given } from '../config/given.js'
import type { RunPlan, UsedPlan } from '../plan.js'
import { cacheOptionsOf } from './cache.js'
import { someOf } from './some-of.js'

/** Tells the user something, in a line. */
export type Warn = (line: string) => void

/** What a run learns from, what it looks at after epochs, and what it looks at once, at the end. */
export interface RunData {
  readonly training: Dataset
  readonly validation: Dataset | undefined
  readonly test: Dataset | undefined
}

/** The split that has a run's last word, and its images. */
export interface LastLook {
  readonly split: 'validation' | 'test'
  readonly dataset: Dataset
}

/** How images are loaded for a run. */
export function loadOptionsOf(
  { settings: { network, data }, preprocessing }: UsedPlan,
  limit?: number,
): LoadOptions & Pick<RunPlan, 'preprocessing'> {
  const { workers, onBadImage, maxBad } = data
  const { whitening, ...plain } = preprocessing
  // What is not fitted yet is left out.
  const seen = whitening?.fitted === undefined ? plain : preprocessing
  return { imageShape: network.input, preprocessing: seen, ...given({ limit, workers, onBadImage, maxBad }) }
}

/**
 * Loads a run's splits.
 *
 * @throws ConvzooError of kind `data` if there is nothing to look at, of kind `option` if a setting needs images to validate on and there
 * are none.
 */
export async function loadData(plan: RunPlan, source: DataSource, warn: Warn): Promise<RunData> {
  const { data, training } = plan.settings
  const { validateEvery } = training
  if (data.overfit !== undefined) return overfitted(plan, source, data.overfit, warn)
  if (!source.splits.some((split) => split !== 'train')) throw nothingToLookAt(source)
  if (validateEvery !== 1 && !source.splits.includes('validation')) throw nothingToValidateOn(source, validateEvery)
  // What hinders all splits is said once.
  const told = new Set<string>()
  const onWarning = (line: string): void => {
    if (!told.has(line)) warn(line)
    told.add(line)
  }
  return loadSplits(source, (split) => ({
    ...loadOptionsOf(plan, limitOf(plan, split)),
    ...cacheOptionsOf(data, split === 'train' ? 'often' : 'once'),
    onWarning,
  }))
}

/** The same few images to train and to validate on; none to test on. */
async function overfitted(plan: RunPlan, source: DataSource, count: number, warn: Warn): Promise<RunData> {
  const { data } = plan.settings
  const options = { ...loadOptionsOf(plan, data.limit), ...cacheOptionsOf(data, 'often'), onWarning: warn }
  const training = someOf(await source.load('train', options), count)
  return { training, validation: training, test: undefined }
}

/** At most so many images of a split. */
export const limitOf = ({ settings: { data } }: UsedPlan, split: Split): number | undefined =>
  split === 'train' ? data.limit : data.testLimit

/** Loads the splits that a source has, each by its options. */
export async function loadSplits(source: DataSource, optionsOf: (split: Split) => LoadOptions): Promise<RunData> {
  const load = (split: Split): Promise<Dataset> => source.load(split, optionsOf(split))
  const others = (split: Split): Promise<Dataset> | undefined =>
    source.splits.includes(split) ? load(split) : undefined
  return { training: await load('train'), validation: await others('validation'), test: await others('test') }
}

/** The test split where there is one, the validation split otherwise. */
export function lastLookOf({ validation, test }: RunData): LastLook {
  if (test !== undefined) return { split: 'test', dataset: test }
  if (validation !== undefined) return { split: 'validation', dataset: validation }
  throw nothingToLookAt({ name: 'The run' })
}

/** Ends what works for the data in the background. */
export async function disposeData({ training, validation, test }: RunData): Promise<void> {
  await Promise.all([...new Set([training, validation, test])].map((dataset) => dataset?.dispose?.()))
}

function nothingToLookAt({ name }: Pick<DataSource, 'name'>): ConvzooError {
  return new ConvzooError({
    kind: 'data',
    message: `${name} has no images to validate or to test on.`,
    expected: 'images of each class that are not trained on',
    hint: 'add images, or set more aside with --validation-split',
  })
}

function nothingToValidateOn({ name }: DataSource, every: number): ConvzooError {
  return new ConvzooError({
    kind: 'option',
    message: `The option --validate-every does not fit ${name}, which has no images to validate on.`,
    expected: 'no such option, or a source with a validation split',
    received: `--validate-every ${every}`,
    hint: 'leave it out, or set images aside with --validation-split 0.1',
  })
}
