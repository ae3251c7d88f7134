import { createHash } from 'node:crypto'
import { ConvzooError, type Dataset } from '@convzoo/core'
import { printable } from '@convzoo/core/define'
import type { DataSource } from '@convzoo/data'
import type { RunPlan, UsedPlan } from '../plan.js'
import { disposeData, limitOf, loadOptionsOf, loadSplits, type RunData } from './run-data.js'

/**
 * Requires that a source has the classes of a run, by name; in which order does not matter.
 *
 * @throws ConvzooError of kind `data` that names each that is missing or unknown.
 */
export function requireSameClasses(
  { classNames }: UsedPlan,
  { name, classes }: Pick<DataSource, 'name' | 'classes'>,
): void {
  if (classNames === undefined) return
  const missing = classNames.filter((each) => !classes.includes(each))
  const unknown = classes.filter((each) => !classNames.includes(each))
  if (missing.length > 0 || unknown.length > 0) throw otherClasses(name, classNames, missing, unknown)
}

/**
 * Requires that a dataset has no class that a network cannot give.
 *
 * @throws ConvzooError of kind `data` that names each.
 */
export function requireKnownClasses(known: readonly string[], { name, classes }: Dataset): void {
  const unknown = classes.filter((each) => !known.includes(each))
  if (unknown.length > 0) throw otherClasses(name, known, [], unknown)
}

function otherClasses(
  name: string,
  known: readonly string[],
  missing: readonly string[],
  unknown: readonly string[],
): ConvzooError {
  const lacks = missing.length === 0 ? [] : [`it lacks ${someOf(missing)}`]
  const has = unknown.length === 0 ? [] : [`it has ${someOf(unknown)}, which the run does not know`]
  return new ConvzooError({
    kind: 'data',
    message: `${printable(name)} has other classes than the run was trained on.`,
    expected: someOf(known),
    received: [...lacks, ...has].join('; '),
    hint: 'name the classes as they were, or train a new run',
  })
}

const mostNamed = 20

function someOf(names: readonly string[]): string {
  const shown = names.slice(0, mostNamed).map((name) => printable(name, 60))
  return names.length > mostNamed ? `${shown.join(', ')} and ${names.length - mostNamed} more` : shown.join(', ')
}

/**
 * Requires that a run goes on with the images that it was started with, wherever they are kept now.
 *
 * @throws ConvzooError of kind `data` if they are others.
 */
export function requireSameImages(saved: RunPlan, now: string | undefined, { name, length }: Dataset): void {
  if (isUnchanged(saved, now)) return
  throw new ConvzooError({
    kind: 'data',
    message: `The images of ${printable(name)} have changed since the run was started: some came, went, or have another name, size, class or place in their order.`,
    expected: `the images that the run was started with, fingerprint ${saved.fingerprint?.slice(0, 12)}`,
    received: `${length} images to train on, fingerprint ${now?.slice(0, 12)}`,
    hint: 'put them back; or go on with these by --allow-changed-data, and the result is no longer that of a run that never stopped',
  })
}

/** Whether images are those of a run; also where one of them has no fingerprint. */
export const isUnchanged = ({ fingerprint }: UsedPlan, now: string | undefined): boolean =>
  fingerprint === undefined || now === undefined || fingerprint === now

/** What to say of a run that goes on with other images because it was asked to, or that may: nothing if they are the same. */
export function changedImagesLines(saved: RunPlan, now: string | undefined, { name }: Dataset): readonly string[] {
  if (saved.fingerprint === undefined && now !== undefined) {
    return [
      `The run is of an earlier version, which did not remember its images: whether those of ${printable(name)} are the same, and divided as they were, cannot be told.`,
    ]
  }
  if (isUnchanged(saved, now)) return []
  return [
    `The images of ${printable(name)} have changed since the run was started: what it gives is no longer bit for bit what a run that never stopped gives.`,
  ]
}

/**
 * The fingerprint of all images of a run: those that it learns from and those that it looks at. Undefined where one of its datasets
 * has none.
 */
export async function fingerprintOf({ training, validation, test }: RunData): Promise<string | undefined> {
  const hash = createHash('sha256')
  for (const [split, dataset] of Object.entries({ training, validation, test })) {
    if (dataset === undefined) continue
    const own = await dataset.fingerprint?.()
    if (own === undefined) return undefined
    hash.update(`${split} ${own}\n`)
  }
  return hash.digest('hex')
}

/** The fingerprint of a source's images, as a run chooses them. */
export async function sourceFingerprint(plan: UsedPlan, source: DataSource): Promise<string | undefined> {
  // Such a run has looked at no split of its source as a whole.
  if (plan.settings.data.overfit !== undefined) return undefined
  const data = await loadSplits(source, (split) => ({
    ...loadOptionsOf(plan, limitOf(plan, split)),
    allowOneClass: true,
  }))
  try {
    return await fingerprintOf(data)
  } finally {
    await disposeData(data)
  }
}
