import { ConvzooError, type Dataset, type Split } from '@convzoo/core'
import { printable } from '@convzoo/core/define'
import type { DataSource } from '@convzoo/data'
import type { UsedPlan } from '../plan.js'
import { cacheOptionsOf } from './cache.js'
import type { EvaluatedSplit } from './evaluated-splits.js'
import { isUnchanged, requireSameClasses, sourceFingerprint } from './identity.js'
import { joined } from './joined.js'
import { openSource } from './open-source.js'
import { openOwnSource } from './own-source.js'
import { loadOptionsOf, type Warn } from './run-data.js'

/** Which images of which source. */
export interface Choice {
  /** Another source than the run's. */
  readonly data: string | undefined
  /** The test split where there is one, by default, or else the validation split; of a source without splits all. */
  readonly split: EvaluatedSplit | undefined
  /** Of each split. */
  readonly limit: number | undefined
}

/** Images to evaluate on, and what they are. */
export interface Evaluated {
  readonly dataset: Dataset
  readonly split: EvaluatedSplit
}

/**
 * Opens the images that a run is evaluated on.
 *
 * @throws ConvzooError of kind `data` if the run's source has other classes now, or a source has no such split; of kind `file` if it
 * cannot be read.
 */
export async function openEvaluated(plan: UsedPlan, choice: Choice, warn: Warn): Promise<Evaluated> {
  const { source, split } =
    choice.data === undefined
      ? await ownSource(plan, choice.split, warn)
      : await givenSource(plan, choice.data, choice.split, warn)
  const load = (each: Split): Promise<Dataset> =>
    source.load(each, {
      ...loadOptionsOf(plan, choice.limit),
      ...cacheOptionsOf(plan.settings.data, 'once'),
      onWarning: warn,
      allowOneClass: true,
    })
  if (split !== 'all') return { dataset: await load(split), split }
  const [first = 'train', ...others] = source.splits
  return { dataset: joined(await load(first), ...(await Promise.all(others.map(load)))), split }
}

interface Opened {
  readonly source: DataSource
  readonly split: EvaluatedSplit
}

async function ownSource(plan: UsedPlan, split: EvaluatedSplit | undefined, warn: Warn): Promise<Opened> {
  const source = await openOwnSource(plan, warn)
  requireSameClasses(plan, source)
  const chosen = split ?? lastSplit(source)
  const isOursToDivide = source.images !== undefined && chosen === 'validation'
  if (isOursToDivide && !isUnchanged(plan, await sourceFingerprint(plan, source))) {
    warn(
      `The images of ${printable(source.name)} have changed since: some that the run learnt from may be among these.`,
    )
  }
  if (isOursToDivide && plan.fingerprint === undefined) {
    warn(
      'The run is of an earlier version, which may have divided its images otherwise: some that it learnt from may be among these.',
    )
  }
  return { source, split: chosen }
}

/** A source that the run need not have been trained on. What has no splits is evaluated whole, unless it is the run's own. */
async function givenSource(
  plan: UsedPlan,
  data: string,
  split: EvaluatedSplit | undefined,
  warn: Warn,
): Promise<Opened> {
  const { validationSplit } = plan.settings.data
  const asInRun = (): Promise<DataSource> => openSource({ source: data, validationSplit }, warn)
  const whole = await undivided(data, warn)
  if (split !== undefined) {
    const isThere = split === 'all' || (split !== 'train' && whole.splits.includes(split))
    return { source: isThere ? whole : await asInRun(), split }
  }
  if (whole.splits.length > 1) return { source: whole, split: lastSplit(whole) }
  if (plan.fingerprint !== undefined) {
    const divided = await asInRun()
    const isRuns = plan.fingerprint === (await sourceFingerprint(plan, divided))
    if (isRuns) return { source: divided, split: lastSplit(divided) }
  }
  return { source: whole, split: 'all' }
}

/** A source of whose images none are set aside, with the splits of its own. */
async function undivided(source: string, warn: Warn): Promise<DataSource> {
  return await openSource({ source, validationSplit: 0 }, warn).catch((error: unknown) => {
    // It has images to validate on, so nothing can be set aside.
    if (ConvzooError.isInstance(error) && error.kind === 'option') {
      return openSource({ source }, warn)
    }
    throw error
  })
}

/** The split that a run looks at last. */
export const lastSplit = ({ splits }: DataSource): Split => splits.at(-1) ?? 'train'
