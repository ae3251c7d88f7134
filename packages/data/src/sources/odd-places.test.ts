import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { cifar } from '../cifar/index.js'
import { idxDataset } from '../dataset/index.js'
import { namedData } from '../datasets/index.js'
import { fixture, temporaryFolder, writeFiles } from '../testing/folders.js'
import { oddPlaces } from '../testing/odd-places.js'
import { openData } from './open-data.js'
import { tarShards } from './tar-shards.js'

const folder = temporaryFolder(afterAll)
process.env.CONVZOO_CACHE = join(folder, 'cache')

const record = new Uint8Array(3073)
const cifarFiles = {
  'batches.meta.txt': 'cat\ndog',
  ...Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`data_batch_${n}.bin`, record])),
  'test_batch.bin': record,
}
const images = fixture('fashion-mnist/t10k-images-idx3-ubyte.gz')
const labels = fixture('fashion-mnist/t10k-labels-idx1-ubyte.gz')

/** Whatever reads a file from outside: where the file is, and how it is read. */
const readers: readonly (readonly [string, string, (path: string, root: string) => unknown])[] = [
  ['an image batch of CIFAR', 'data_batch_1.bin', (_, root) => cifar(root, { split: 'train' })],
  ['a later batch of CIFAR', 'data_batch_4.bin', (_, root) => cifar(root, { split: 'train', limit: 1 })],
  ['the names of CIFAR', 'batches.meta.txt', (_, root) => openData(root)],
  ['the test images of CIFAR', 'test_batch.bin', (_, root) => openData(root)],
  ['IDX images', 'images', (path) => idxDataset({ images: path, labels })],
  ['IDX labels', 'labels.gz', (path) => idxDataset({ images, labels: path })],
  ['a folder of IDX files', 'train-labels-idx1-ubyte', (_, root) => openData(root)],
  ['a packed folder of IDX files', 'train-labels-idx1-ubyte.gz', (_, root) => openData(root)],
  ['a tar', 'a.tar', (path) => openData(path)],
  ['a packed tar', 'a.tar.gz', (path) => tarShards(path)],
  ['a packed tar by its short name', 'a.tgz', (path) => openData(path)],
]

describe.runIf(process.platform === 'linux')('where a file is expected', () => {
  let count = 0
  for (const [kind, make] of oddPlaces) {
    it.each(readers)(`${kind} is refused at once, by its path: %s`, async (what, name, read) => {
      const root = join(folder, `${count++}`)
      const isCifar = what.includes('CIFAR')
      writeFiles(root, {
        ...Object.fromEntries(Object.entries(isCifar ? cifarFiles : { x: '' }).filter(([file]) => file !== name)),
      })
      const path = join(root, name)
      await make(path)
      await expect(Promise.resolve(read(path, root))).rejects.toMatchObject({
        kind: 'file',
        sentence: expect.stringContaining(path),
      })
    })
  }

  it('a file of a set that is known by name is refused by its path, too', async () => {
    const [, pipe] = oddPlaces[0] ?? []
    const cached = join(folder, 'cache/datasets/fashion-mnist')
    writeFiles(cached, { x: '' })
    const path = join(cached, 'train-images-idx3-ubyte')
    await pipe?.(path)
    const source = await namedData('fashion-mnist')
    await expect(source.load('train', { imageShape: [28, 28, 1] })).rejects.toThrow(/train-(?:images|labels)-idx/)
  })
})
