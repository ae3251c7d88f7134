import { readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { ConvzooError, describeValue, unusableOption } from '@convzoo/core'
import { unreadable } from '@convzoo/files'
import { requireKnown } from '../dataset/checks.js'
import { checkedClasses, datasetOf, type SampleDataset, type SampleOptions, sampleOptions } from '../dataset/samples.js'

const height = 32
const width = 32
const channels = 3
const imageBytes = height * width * channels

/** The files of the two sets' binary versions, and the bytes before each image: CIFAR-100 has a coarse label before the fine one. */
const forms = {
  cifar10: {
    train: ['data_batch_1.bin', 'data_batch_2.bin', 'data_batch_3.bin', 'data_batch_4.bin', 'data_batch_5.bin'],
    test: ['test_batch.bin'],
    names: 'batches.meta.txt',
    labelBytes: 1,
  },
  cifar100: { train: ['train.bin'], test: ['test.bin'], names: 'fine_label_names.txt', labelBytes: 2 },
} as const

/** Mean and standard deviation of the training images, of values in [0, 1], as published code for both sets has them. */
export const cifarPreprocessing = {
  cifar10: { resize: 'bilinear', mean: [0.4914, 0.4822, 0.4465], standardDeviation: [0.247, 0.2435, 0.2616] },
  cifar100: { resize: 'bilinear', mean: [0.5071, 0.4865, 0.4409], standardDeviation: [0.2673, 0.2564, 0.2762] },
} as const

export interface CifarOptions extends SampleOptions {
  readonly split: 'train' | 'test'
}

type CifarName = keyof typeof forms

/** Which of the two sets a folder holds, if any. */
export async function cifarOf(folder: string): Promise<CifarName | undefined> {
  for (const name of ['cifar10', 'cifar100'] as const) {
    const first = await stat(join(folder, forms[name].train[0])).catch(() => undefined)
    const names = await stat(join(folder, forms[name].names)).catch(() => undefined)
    if (first?.isFile() === true && names?.isFile() === true) return name
  }
  return undefined
}

/**
 * CIFAR-10 or CIFAR-100 from the files of its binary version. Normalised unless told otherwise. Files may hold fewer images than the
 * original.
 *
 * @throws ConvzooError of kind `file` if a file is missing or damaged, of kind `option` for a bad option.
 * @example
 * const dataset = await cifar('cifar-10-batches-bin', { split: 'train' })
 */
export async function cifar(folder: string, { split, ...options }: CifarOptions): Promise<SampleDataset> {
  requireKnown('cifar', options, sampleOptions)
  const name = await cifarOf(folder)
  if (name === undefined) {
    throw new ConvzooError({
      kind: 'file',
      message: `${folder} holds neither CIFAR-10 nor CIFAR-100.`,
      expected: `the files of the binary version: ${forms.cifar10.names} and ${forms.cifar10.train[0]}, or ${forms.cifar100.names} and ${forms.cifar100.train[0]}`,
    })
  }
  if (split !== 'train' && split !== 'test') {
    throw unusableOption('"split" of cifar', { expected: '"train" or "test"', received: describeValue(split) })
  }
  const form = forms[name]
  const classes = (await read(join(folder, form.names)))
    .toString('utf8')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const files = await Promise.all(form[split].map((file) => read(join(folder, file))))
  const recordBytes = form.labelBytes + imageBytes
  for (const [index, bytes] of files.entries()) {
    requireRecords(join(folder, form[split][index] ?? ''), bytes.length, recordBytes)
  }
  const length = files.reduce((sum, bytes) => sum + bytes.length / recordBytes, 0)
  const images = new Uint8Array(length * imageBytes)
  const labels = new Uint8Array(length)
  let at = 0
  for (const bytes of files) {
    for (let start = 0; start < bytes.length; start += recordBytes, at++) {
      labels[at] = bytes[start + form.labelBytes - 1] ?? 0
      interleave(bytes, start + form.labelBytes, images, at * imageBytes)
    }
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
    { preprocessing: cifarPreprocessing[name], ...options },
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

async function read(path: string): Promise<Buffer> {
  return readFile(path).catch((cause: unknown) => {
    throw unreadable(path, "a file of CIFAR's binary version", cause)
  })
}

function requireRecords(path: string, length: number, recordBytes: number): void {
  if (length > 0 && length % recordBytes === 0) return
  throw new ConvzooError({
    kind: 'file',
    message: `${path} does not hold whole images.`,
    expected: `a multiple of ${recordBytes} bytes`,
    received: `${length} bytes`,
    mend: 'fetch the file again: it was probably not written to its end',
  })
}
