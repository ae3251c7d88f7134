import { createHash } from 'node:crypto'
import type { Split } from '@convzoo/core'
import { defineOptions, functionOf, integer, optional, requireArguments, splitNames } from '@convzoo/core/define'
import { processors } from '@convzoo/files'
import { decodingReason, shortReason } from '../files/reason.js'
import { decodePart, prepareDecoder, readHeader, seenBytes } from '../images/decode.js'
import type { BadImage, ImageListing, ImageReference } from '../images/index.js'
import { readBytes } from '../images/read-bytes.js'
import type { ImageSplits } from '../sources/index.js'
import { splitsKind } from '../sources/kinds.js'
import { ChannelMoments } from '../statistics/channel-moments.js'

/** What a split holds. */
export interface SplitReport {
  readonly name: string
  readonly images: number
  readonly perClass: Readonly<Record<string, number>>
  /** Pixels, of images that could be read. */
  readonly width: { readonly least: number; readonly median: number; readonly most: number }
  readonly height: { readonly least: number; readonly median: number; readonly most: number }
  readonly bad: readonly BadImage[]
  /** Files that are no pictures. */
  readonly foreign: readonly BadImage[]
}

export interface InspectReport {
  readonly train: SplitReport
  readonly validation?: SplitReport
  readonly test?: SplitReport
  /** What the source says of itself: duplicates, labels that differ, classes far from balanced, how its folders were read. */
  readonly notes: readonly string[]
  /** Files of the same bytes: names, of which at least one is in each split. */
  readonly duplicatesAcross: readonly (readonly string[])[]
  /** The same within a split. */
  readonly duplicatesWithin: readonly (readonly string[])[]
  /** Per channel, of values in [0, 1], over the training images resized to 64 × 64. */
  readonly mean: readonly number[]
  readonly standardDeviation: readonly number[]
}

export interface InspectOptions {
  readonly maxPixels?: number
  readonly onProgress?: (done: number, total: number) => void
}

/** Side to which images are resized for statistics. */
const side = 64
const shape = [side, side, 3] as const

interface Found {
  readonly split: Split
  readonly image: ImageReference
  readonly width: number
  readonly height: number
  readonly sum: string
}

const inspectParts = defineOptions({
  maxPixels: optional(integer(1), 2 ** 26),
  onProgress: optional(functionOf<NonNullable<InspectOptions['onProgress']>>()),
})

/**
 * Reads and decodes every image of a source, and says what it holds.
 *
 * @example
 * const report = await inspectImages(await imageFolder('flowers'))
 * console.log(report.train.perClass, report.duplicatesAcross)
 */
export async function inspectImages(splits: ImageSplits, options: InspectOptions = {}): Promise<InspectReport> {
  requireArguments('inspectImages', { splits: [splitsKind, splits] })
  const { maxPixels, onProgress } = inspectParts.parse('inspectImages', options)
  prepareDecoder()
  const limits = { maxPixels, shrinkOnLoad: true }
  const all = splitNames.flatMap((split) => (splits[split]?.images ?? []).map((image) => ({ split, image })))
  const found: Found[] = []
  const bad: Record<Split, BadImage[]> = { train: [], validation: [], test: [] }
  const moments = new ChannelMoments(3)
  let next = 0
  let done = 0
  const work = async (): Promise<void> => {
    while (next < all.length) {
      const each = all[next++]
      if (each === undefined) return
      const { split, image } = each
      try {
        const bytes = readBytes(image)
        const header = await readHeader(bytes, limits)
        const placement = { width: side, height: side, left: 0, top: 0 }
        const sight = await decodePart(bytes, header, shape, placement, limits).catch((error: unknown) => {
          throw new Error(decodingReason(error))
        })
        if (split === 'train') moments.add(seenBytes(sight, shape), 255)
        const { width, height } = header
        found.push({ split, image, width, height, sum: createHash('sha256').update(bytes).digest('hex') })
      } catch (error) {
        bad[split].push({ name: image.name, reason: shortReason(error) })
      }
      onProgress?.(++done, all.length)
    }
  }
  await Promise.all(Array.from({ length: processors().count }, work))
  const bySum = new Map<string, Found[]>()
  for (const each of found) bySum.set(each.sum, [...(bySum.get(each.sum) ?? []), each])
  const groups = [...bySum.values()].filter((group) => group.length > 1)
  const crosses = (group: readonly Found[]): boolean => new Set(group.map(({ split }) => split)).size > 1
  const names = (chosen: readonly Found[][]): readonly (readonly string[])[] =>
    chosen.map((group) => group.map(({ split, image }) => `${split}: ${image.name}`).sort()).sort()
  const reportOf = (split: Split, listing: ImageListing): SplitReport =>
    splitReport(
      listing,
      found.filter((each) => each.split === split),
      bad[split],
    )
  const { train, validation, test, notes } = splits
  return {
    train: reportOf('train', train),
    ...(validation === undefined ? {} : { validation: reportOf('validation', validation) }),
    ...(test === undefined ? {} : { test: reportOf('test', test) }),
    duplicatesAcross: names(groups.filter(crosses)),
    duplicatesWithin: names(groups.filter((group) => !crosses(group))),
    mean: moments.mean,
    standardDeviation: moments.standardDeviation,
    notes,
  }
}

function splitReport(listing: ImageListing, found: readonly Found[], bad: readonly BadImage[]): SplitReport {
  const perClass = Object.fromEntries(listing.classes.map((name) => [name, 0]))
  for (const { image } of found) {
    const name = listing.classes[image.label] ?? ''
    perClass[name] = (perClass[name] ?? 0) + 1
  }
  const spread = (values: readonly number[]): SplitReport['width'] => {
    const sorted = [...values].sort((a, b) => a - b)
    return { least: sorted[0] ?? 0, median: sorted[sorted.length >> 1] ?? 0, most: sorted.at(-1) ?? 0 }
  }
  return {
    name: listing.name,
    images: found.length,
    perClass,
    width: spread(found.map(({ width }) => width)),
    height: spread(found.map(({ height }) => height)),
    bad: [...listing.refused, ...[...bad].sort((a, b) => (a.name < b.name ? -1 : 1))],
    foreign: listing.foreign ?? [],
  }
}
