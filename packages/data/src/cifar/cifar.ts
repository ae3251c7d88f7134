import { lstat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { ConvzooError } from '@convzoo/core'
import { defineOptions, oneOf, requireArguments, text } from '@convzoo/core/define'
import { chunksOf, openRegularFile, readRegularFile, requireAtMost } from '@convzoo/files'
import { sampleParts } from '../dataset/kinds.js'
import { checkedClasses, datasetOf, type SampleDataset, type SampleOptions } from '../dataset/samples.js'
import type { CifarSet } from '../datasets/cifar-set.js'
import { cifar10Set } from '../datasets/cifar10.js'
import { cifar100Set } from '../datasets/cifar100.js'
import { ByteReader } from '../files/byte-reader.js'

const height = 32
const width = 32
const channels = 3
const imageBytes = height * width * channels

const sets = [cifar10Set, cifar100Set] as const

/** So many have CIFAR-100's training file; no file of either set has more. */
const mostImages = 50_000

/** Names of classes, a line each. */
const longestNames = 2 ** 16

const expected = "a file of CIFAR's binary version"

/** Mean and standard deviation of the training images, of values in [0, 1]. */
export const cifarPreprocessing = {
  cifar10: cifar10Set.preprocessing,
  cifar100: cifar100Set.preprocessing,
} as const

export interface CifarOptions extends SampleOptions {
  readonly split: 'train' | 'test'
}

type CifarName = CifarSet['name']

/** Which of the two sets a folder holds, if any. Whatever is there by their names: who reads it says what is wrong with it. */
export async function cifarOf(folder: string): Promise<CifarName | undefined> {
  requireArguments('cifarOf', { folder: [text, folder] })
  return (await setIn(folder))?.name
}

async function setIn(folder: string): Promise<CifarSet | undefined> {
  for (const set of sets) {
    const isThere = async (file: string): Promise<boolean> =>
      (await lstat(join(folder, file)).catch(() => undefined)) !== undefined
    if ((await isThere(set.train[0])) && (await isThere(set.names))) return set
  }
  return undefined
}

const parts = defineOptions({ split: oneOf('train', 'test'), ...sampleParts })

/**
 * CIFAR-10 or CIFAR-100 from the files of its binary version. Normalised unless told otherwise. Files may hold fewer images than the
 * original.
 *
 * @throws ConvzooError of kind `file` if a file is missing or damaged, of kind `option` for a bad option.
 * @example
 * const dataset = await cifar('cifar-10-batches-bin', { split: 'train' })
 */
export async function cifar(folder: string, given: CifarOptions): Promise<SampleDataset> {
  requireArguments('cifar', { folder: [text, folder] })
  const { split, ...options } = parts.parse('cifar', given)
  const form = await setIn(folder)
  if (form === undefined) {
    throw new ConvzooError({
      kind: 'file',
      message: `${folder} holds neither CIFAR-10 nor CIFAR-100.`,
      expected: `the files of the binary version: ${sets.map(({ names, train }) => `${names} and ${train[0]}`).join(', or ')}`,
    })
  }
  const limit = options.limit ?? Number.POSITIVE_INFINITY
  const names = await readRegularFile(join(folder, form.names), { expected, mostBytes: longestNames })
  const classes = names
    .toString('utf8')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const recordBytes = form.labelBytes + imageBytes
  const files: { readonly path: string; readonly count: number }[] = []
  for (const file of form[split]) {
    const path = join(folder, file)
    files.push({ path, count: await countOf(path, recordBytes) })
  }
  const length = Math.min(
    limit,
    files.reduce((sum, { count }) => sum + count, 0),
  )
  const images = new Uint8Array(length * imageBytes)
  const labels = new Uint8Array(length)
  let at = 0
  for (const { path, count } of files) {
    const upTo = Math.min(at + count, length)
    if (upTo > at) await readRecords(path, { images, labels, recordBytes, from: at, upTo })
    at = upTo
  }
  return datasetOf(
    {
      name: basename(folder),
      length,
      shape: [height, width, channels],
      images,
      one: 255,
      labels,
      classes: checkedClasses(folder, labels, length, classes),
    },
    { ...options, preprocessing: options.preprocessing ?? form.preprocessing },
  )
}

/** Planes of red, green and blue to pixels. */
function interleave(from: Uint8Array, start: number, to: Uint8Array, at: number): void {
  const plane = height * width
  for (let pixel = 0; pixel < plane; pixel++) {
    for (let channel = 0; channel < channels; channel++) {
      to[at + pixel * channels + channel] = from[start + channel * plane + pixel] ?? 0
    }
  }
}

/** Where the images of a file go. */
interface Records {
  readonly images: Uint8Array
  readonly labels: Uint8Array
  readonly recordBytes: number
  readonly from: number
  readonly upTo: number
}

/** Reads a file's first images, as many as there is room for. */
async function readRecords(path: string, { images, labels, recordBytes, from, upTo }: Records): Promise<void> {
  const reader = new ByteReader(chunksOf(path, { expected, chunkBytes: 2 ** 18 }))
  const record = new Uint8Array(recordBytes)
  try {
    for (let at = from; at < upTo; at++) {
      const filled = await reader.fill(record)
      if (filled < recordBytes) throw partial(path, (at - from) * recordBytes + filled, recordBytes)
      // CIFAR-100 has a coarse label before it.
      labels[at] = record[recordBytes - imageBytes - 1] ?? 0
      interleave(record, recordBytes - imageBytes, images, at * imageBytes)
    }
  } finally {
    await reader.close()
  }
}

/** How many images a file holds, by its size. */
async function countOf(path: string, recordBytes: number): Promise<number> {
  const { handle, size } = await openRegularFile(path, expected)
  await handle.close()
  requireAtMost(path, size, mostImages * recordBytes, expected)
  if (size === 0 || size % recordBytes !== 0) throw partial(path, size, recordBytes)
  return size / recordBytes
}

function partial(path: string, length: number, recordBytes: number): ConvzooError {
  return new ConvzooError({
    kind: 'file',
    message: `${path} does not hold whole images.`,
    expected: `a multiple of ${recordBytes} bytes`,
    received: `${length} bytes`,
    hint: 'fetch the file again: it was probably not written to its end',
  })
}
