import { ConvzooError, type Split } from '@convzoo/core'
import { defineOptions, printable, requireArguments, splitNames } from '@convzoo/core/define'
import type { BadImage, ImageListing, ImageReference } from '../images/index.js'
import { listingKind } from '../images/kinds.js'
import { stratifiedSplit } from '../images/select.js'
import { balanceNotes } from './balance.js'
import { byClassName } from './class-order.js'
import { duplicateNotes, type EqualImages, equalImages } from './duplicates.js'
import { someNames } from './note.js'
import { splitOptions } from './options.js'

/** What a source gives to train on, to look at while training, and to test on once at the end. */
export interface ImageSplits {
  readonly train: ImageListing
  readonly validation?: ImageListing
  readonly test?: ImageListing
  /**
   * What whoever trains on them should know, a line each, printable: how a layout was read, what was left out, pictures that are in several
   * splits or under several labels, classes far from balanced.
   */
  readonly notes: readonly string[]
}

/** How a source without a validation split of its own is divided. */
export interface SplitOptions {
  /**
   * Part of each class that is set aside to validate on; 0 sets none aside. 0.2 by default where a source is not divided, none where it has
   * a test split. An error where it has a validation split.
   */
  readonly validationSplit?: number
  /** Chooses the images; 1 by default. It is no part of a run's seed, so that runs with other seeds validate on the same images. */
  readonly splitSeed?: number
}

const options = defineOptions(splitOptions)

/** Divided where nothing else is said. */
export const defaultValidationSplit = 0.2

/** An image whose class is known by name. */
export interface NamedImage extends Omit<ImageReference, 'label'> {
  readonly className: string
}

type BySplit<T> = Readonly<Record<Split, T>>

/** What a source holds, before classes have numbers. */
export interface Contents {
  readonly images: BySplit<NamedImage[]>
  readonly refused: BySplit<BadImage[]>
  readonly foreign: BySplit<BadImage[]>
}

export const noContents = (): Contents => ({ images: bySplit(), refused: bySplit(), foreign: bySplit() })

const bySplit = <T>(): BySplit<T[]> => ({ train: [], validation: [], test: [] })

/** A source as it was read. */
export interface SourceReading extends Contents {
  readonly name: string
  /** What the splits that the source has are called in it; `train` alone where it has none. */
  readonly called: ReadonlyMap<Split, string>
  /** The classes in their order; those that occur in training, by name, otherwise. */
  readonly classes?: readonly string[] | undefined
  readonly notes: readonly string[]
}

/**
 * Makes listings of what a source holds: numbers classes, divides what is not divided, and says what is odd about it. The last part of
 * every source's way.
 */
export async function splitsOf(
  reading: SourceReading,
  { validationSplit, splitSeed }: { readonly validationSplit: number | undefined; readonly splitSeed: number },
): Promise<ImageSplits> {
  const { name, called } = reading
  requireUndivided(reading, validationSplit)
  const train = listingOf(name, reading, 'train', reading.classes)
  const listings: Partial<Record<Split, ImageListing>> = { train }
  for (const split of splitNames) {
    if (split === 'train' || !called.has(split)) continue
    const listing = listingOf(`${name}/${called.get(split) ?? split}`, reading, split, train.classes)
    if (listing.images.length === 0) throw noKnownClass(listing, train.classes)
    listings[split] = listing
  }
  const equal = await equalImages(splitNames.flatMap((split) => listings[split]?.images ?? []))
  const part = validationSplit ?? (called.size > 1 ? 0 : defaultValidationSplit)
  const divided = part === 0 ? {} : divide(train, part, splitSeed, equal)
  const splits = { train, ...listings, ...divided }
  const notes = [
    ...reading.notes,
    ...classNotes(reading, splits),
    ...duplicateNotes(splits, equal),
    ...balanceNotes(train),
    ...foreignNotes(splits),
  ]
  return { ...splits, notes: notes.map((note) => printable(note, longestNote)) }
}

/** UTF-16 units of a note: a few names of some length. */
const longestNote = 1000

/**
 * Divides a listing in two, of every class the same part. Images of the same bytes stay together.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 */
export async function splitListing(listing: ImageListing, given: SplitOptions = {}): Promise<ImageSplits> {
  requireArguments('splitListing', { listing: [listingKind, listing] })
  const { validationSplit = defaultValidationSplit, splitSeed } = options.parse('splitListing', given)
  const equal = await equalImages(listing.images)
  const splits = {
    train: listing,
    ...(validationSplit === 0 ? {} : divide(listing, validationSplit, splitSeed, equal)),
  }
  return { ...splits, notes: [...duplicateNotes(splits, equal), ...balanceNotes(listing)] }
}

function divide(
  listing: ImageListing,
  part: number,
  seed: number,
  equal: EqualImages,
): { readonly train: ImageListing; readonly validation?: ImageListing } {
  const { train, validation } = stratifiedSplit(listing.images, part, seed, (image) => equal.get(image))
  if (validation.length === 0) return { train: listing }
  const { name, classes } = listing
  return {
    train: { ...listing, images: train },
    validation: { name, classes, images: validation, refused: [], foreign: [] },
  }
}

/** A split as a listing: the classes are those given, or those that occur, in the order of their names. */
function listingOf(
  name: string,
  { images, refused, foreign }: Contents,
  split: Split,
  given: readonly string[] | undefined,
): ImageListing {
  const classes = given ?? [...new Set(images[split].map(({ className }) => className))].sort(byClassName)
  const labels = new Map(classes.map((className, label) => [className, label]))
  const known: ImageReference[] = []
  const outside: BadImage[] = []
  for (const { className, ...image } of images[split]) {
    const label = labels.get(className)
    if (label === undefined) outside.push({ name: image.name, reason: `a label outside the classes: ${className}` })
    else known.push({ ...image, label })
  }
  return { name, classes, images: known, refused: [...refused[split], ...outside], foreign: foreign[split] }
}

/** What to say of classes that a split has and another has not. */
function classNotes(
  { images }: Contents,
  splits: Readonly<Partial<Record<Split, ImageListing>>> & { readonly train: ImageListing },
): readonly string[] {
  const { classes } = splits.train
  const notes: string[] = []
  if (classes.length === 1) notes.push(`there is one class, ${someNames(classes)}: nothing to tell apart`)
  for (const split of splitNames) {
    const listing = splits[split]
    if (listing === undefined) continue
    const there = new Set(listing.images.map(({ label }) => label))
    const missing = classes.filter((_, label) => !there.has(label))
    if (missing.length > 0) notes.push(`the ${split} split has no image of ${someNames(missing)}`)
    const unknown = new Set(images[split].map(({ className }) => className))
    for (const className of classes) unknown.delete(className)
    if (unknown.size > 0) {
      notes.push(
        `the ${split} split has images of what is no class to train on, which are left out: ${someNames([...unknown])}`,
      )
    }
  }
  return notes
}

function foreignNotes(splits: Readonly<Partial<Record<Split, ImageListing>>>): readonly string[] {
  const all = splitNames.flatMap((split) => (splits[split]?.foreign ?? []).map(({ name }) => name))
  const folders = all.filter((name) => name.endsWith('/'))
  const files = all.filter((name) => !name.endsWith('/'))
  const howMany = files.length === 1 ? '1 file is no picture' : `${files.length} files are no pictures`
  return [
    ...(folders.length === 0 ? [] : [`no picture can be read in the folder of a class: ${someNames(folders)}`]),
    ...(files.length === 0 ? [] : [`${howMany} and left out: ${someNames(files)}`]),
  ]
}

/** @throws ConvzooError of kind `option` where a part is to be set aside and the source has images to validate on. */
export function requireUndivided(
  { name, called }: Pick<SourceReading, 'name' | 'called'>,
  validationSplit: number | undefined,
): void {
  if (validationSplit === undefined || !called.has('validation')) return
  throw new ConvzooError({
    kind: 'option',
    message: `The option "validationSplit" does not fit ${name}, which has images to validate on.`,
    expected: `no such option, or a source without a split ${called.get('validation') ?? ''}`,
    received: String(validationSplit),
    hint: 'leave it out (--validation-split)',
  })
}

function noKnownClass({ name, refused }: ImageListing, classes: readonly string[]): ConvzooError {
  const [first] = refused
  return new ConvzooError({
    kind: 'data',
    message: `${name} holds no image of a class that is trained on.`,
    expected: `images of ${someNames(classes)}`,
    ...(first === undefined ? {} : { received: `${first.name}: ${first.reason}` }),
    hint: 'name the classes of all splits alike',
  })
}
