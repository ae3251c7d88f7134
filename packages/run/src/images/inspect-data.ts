import { ConvzooError, imagenetPreprocessing } from '@convzoo/core'
import { boolean, defineOptions, optional, requireArguments } from '@convzoo/core/define'
import type { DataSource } from '@convzoo/data'
import type { InspectReport } from '@convzoo/data/inspect'
import { pathOption } from '@convzoo/files'
import { validationPartOption } from '../config/sections.js'
import { listenerOptions, type RunListener, toldTo } from '../listener.js'
import { openSource, wholeSource } from '../source/open-source.js'

export interface InspectDataOptions extends RunListener {
  /** The part of each class that is set aside to validate on; 0.2 by default of a source without splits. */
  readonly validationSplit?: number | undefined
  /** Whether there is a sheet with the first images of every class; false by default. */
  readonly sheet?: boolean | undefined
}

export interface DataReport extends InspectReport {
  /** A PNG, where it was asked for. */
  readonly sheet?: Uint8Array
}

const inspectOptions = defineOptions({
  ...listenerOptions,
  validationSplit: validationPartOption,
  sheet: optional(boolean, false),
})

/** Images on a sheet, of a class and in all; pixels of a side. */
const ofAClass = 8
const mostOnSheet = 400
const side = 96

/**
 * Reads every image of a source and says what it holds: counts per class, sizes, broken files, duplicates across the splits, mean and
 * deviation.
 *
 * @param source A folder of photographs, a `.tar` or its http address, a `.jsonl`.
 * @throws ConvzooError of kind `option` if the source holds no image files, of kind `file` or `data` if it cannot be read.
 * @example
 * const { train, duplicatesAcross } = await inspectData('flowers')
 * console.log(train.perClass, duplicatesAcross)
 */
export async function inspectData(source: string, options: InspectDataOptions = {}): Promise<DataReport> {
  requireArguments('inspectData', { source: [pathOption, source] })
  const { validationSplit, sheet: isSheetWanted, ...listener } = inspectOptions.parse('inspectData', options)
  const told = toldTo(listener)
  const { inspectImages } = await import('@convzoo/data/inspect')
  const opened = await openSource({ source: wholeSource(source), validationSplit }, told.warn)
  const report = await inspectImages(imagesOf(opened, source), { onProgress: told.progress('inspected') })
  return isSheetWanted ? { ...report, sheet: await sheetOf(opened) } : report
}

async function sheetOf(source: DataSource): Promise<Uint8Array> {
  const { contactSheet } = await import('@convzoo/data/inspect')
  const shape = [side, side, 3] as const
  const preprocessing = { ...imagenetPreprocessing, shorterSide: side }
  const limit = ofAClass * source.classes.length
  const images = await source.load('train', { imageShape: shape, preprocessing, limit, allowOneClass: true })
  const shown = Array.from({ length: Math.min(images.length, mostOnSheet) }, (_, index) => index)
  const batch = await images.batch(shown)
  await images.dispose?.()
  return contactSheet(batch.images, { shape, preprocessing, columns: ofAClass })
}

function imagesOf({ images, name }: DataSource, source: string): NonNullable<DataSource['images']> {
  if (images !== undefined) return images
  throw new ConvzooError({
    kind: 'option',
    message: `${source} holds no image files to inspect.`,
    expected: 'a folder of photographs, a .tar or a .jsonl',
    received: name,
  })
}
