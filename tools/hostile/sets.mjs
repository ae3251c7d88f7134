// Sets of MNIST's and CIFAR's formats, of a few images.
import { join } from 'node:path'
import { writeFiles } from './sandbox.mjs'

/** CIFAR-10's binary version, an image a file. */
export async function cifarIn(folder) {
  const record = Buffer.alloc(3073, 7)
  record[0] = 1
  const files = [1, 2, 3, 4, 5].map((number) => `data_batch_${number}.bin`).concat('test_batch.bin')
  writeFiles(folder, Object.fromEntries(files.map((name) => [name, record])))
  writeFiles(folder, { 'batches.meta.txt': `${Array.from({ length: 10 }, (_, at) => `c${at}`).join('\n')}\n` })
  return folder
}

/** An IDX file: an element type, the lengths of its dimensions, its elements. */
export const idx = (type, dimensions, bytes) => {
  const header = Buffer.alloc(4 + 4 * dimensions.length)
  header[2] = type
  header[3] = dimensions.length
  for (const [axis, length] of dimensions.entries()) header.writeUInt32BE(length, 4 + 4 * axis)
  return Buffer.concat([header, bytes])
}

/** Digits of two classes. */
export async function idxIn(folder, count = 6) {
  const images = idx(8, [count, 28, 28], Buffer.alloc(count * 784, 9))
  const labels = idx(8, [count], Buffer.from(Array.from({ length: count }, (_, at) => at % 2)))
  writeFiles(folder, {
    'train-images-idx3-ubyte': images,
    'train-labels-idx1-ubyte': labels,
    't10k-images-idx3-ubyte': images,
    't10k-labels-idx1-ubyte': labels,
  })
  return folder
}

/** A training that reads a set. */
export const trainOn = (place, data, input = '67x67x3') => [
  ...['train', 'nin', '--data', data, '--input', input, '--batch-size', '2', '--engine', 'onnx'],
  ...['--limit', '8', '--run', join(place, 'trained')],
]
