import { createReadStream } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { ConvzooError } from '@convzoo/core'
import { unreadable } from '@convzoo/files'
import type { BadImage } from '../images/index.js'
import { type ImageSplits, listingOf, type NamedImage, type SplitOptions, splitListing } from './splits.js'

export interface ManifestOptions extends SplitOptions {
  /** The classes in their order; those that occur, by name, otherwise. */
  readonly classes?: readonly string[]
}

/** One image of a manifest. */
interface Line {
  readonly image: string
  readonly label: string
  readonly split: 'train' | 'validation' | undefined
}

/**
 * The images of a JSONL manifest: a line for each, such as `{"image": "cats/1.jpg", "label": "cat", "split": "train"}`. Paths are
 * relative to the manifest; `split` is `train` or `validation`; without it in any line a part of each class is set aside.
 *
 * @throws ConvzooError of kind `file` if it cannot be read, of kind `data` if it names no image.
 * @example
 * const { train, validation } = await manifest('animals.jsonl')
 */
export async function manifest(path: string, { classes, ...options }: ManifestOptions = {}): Promise<ImageSplits> {
  const folder = dirname(resolve(path))
  const name = basename(path)
  const images: Record<'train' | 'validation', NamedImage[]> = { train: [], validation: [] }
  const refused: BadImage[] = []
  let divided = false
  let number = 0
  for await (const text of linesOf(path)) {
    number++
    if (text.trim() === '') continue
    const line = parseLine(text)
    if (typeof line === 'string') {
      refused.push({ name: `${name}:${number}`, reason: line })
      continue
    }
    if (line.split !== undefined) divided = true
    images[line.split ?? 'train'].push({
      path: resolve(folder, line.image),
      name: line.image,
      className: line.label,
    })
  }
  const train = listingOf(name, images.train, refused, classes)
  if (train.images.length === 0) throw noImages(path, refused)
  if (!divided) return splitListing(train, options)
  return { train, validation: listingOf(name, images.validation, [], train.classes) }
}

async function* linesOf(path: string): AsyncGenerator<string> {
  try {
    yield* createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })
  } catch (cause) {
    throw unreadable(path, 'a JSONL manifest', cause)
  }
}

/** What a line says, or why it says nothing. */
function parseLine(text: string): Line | string {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return 'not JSON'
  }
  if (typeof value !== 'object' || value === null) return 'not an object'
  const image = 'image' in value ? value.image : undefined
  const label = 'label' in value ? value.label : undefined
  const split = 'split' in value ? value.split : undefined
  if (typeof image !== 'string' || image === '') return 'without a path in "image"'
  if (typeof label !== 'string' && typeof label !== 'number') return 'without a class in "label"'
  if (split !== undefined && split !== 'train' && split !== 'validation')
    return 'a "split" other than train and validation'
  return { image, label: String(label), split }
}

function noImages(path: string, refused: readonly BadImage[]): ConvzooError {
  const [first] = refused
  return new ConvzooError({
    kind: 'data',
    message: `${path} names no image to train on.`,
    expected: 'lines such as {"image": "cats/1.jpg", "label": "cat"}',
    ...(first === undefined ? {} : { received: `${first.name}: ${first.reason}` }),
  })
}
