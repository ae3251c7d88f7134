import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { temporaryFolder, writeFiles } from '../testing/folders.js'
import { cifar } from './cifar.js'

const folder = temporaryFolder(afterAll)

/** A record as the sets' pages describe it: labels, then 1024 bytes of red, of green, of blue. */
const record = (labels: readonly number[], [red = 0, green = 0, blue = 0]: readonly number[]): Buffer =>
  Buffer.concat([Buffer.from(labels), Buffer.alloc(1024, red), Buffer.alloc(1024, green), Buffer.alloc(1024, blue)])

const plain = { preprocessing: { resize: 'bilinear', mean: [0], standardDeviation: [1 / 255] } } as const

writeFiles(join(folder, 'cifar-10-batches-bin'), {
  'batches.meta.txt': 'airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n',
  ...Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`data_batch_${n}.bin`, record([n], [n, 10 * n, 20 * n])])),
  'test_batch.bin': Buffer.concat([record([9], [1, 2, 3]), record([0], [4, 5, 6])]),
})

describe('cifar', () => {
  it('reads the five files of CIFAR-10, planes to pixels', async () => {
    const dataset = await cifar(join(folder, 'cifar-10-batches-bin'), { split: 'train', ...plain })
    expect([dataset.length, dataset.classes[3], dataset.imageShape]).toEqual([5, 'cat', [32, 32, 3]])
    const { images, targets } = await dataset.batch([2])
    expect(Array.from(images.subarray(0, 6), Math.round)).toEqual([3, 30, 60, 3, 30, 60])
    expect(targets.indexOf(1)).toBe(3)
    expect((await cifar(join(folder, 'cifar-10-batches-bin'), { split: 'test' })).length).toBe(2)
  })

  it('reads the fine labels of CIFAR-100', async () => {
    const names = Array.from({ length: 100 }, (_, label) => `class ${label}`)
    writeFiles(join(folder, 'cifar-100-binary'), {
      'fine_label_names.txt': names.join('\n'),
      'train.bin': record([3, 77], [7, 8, 9]),
      'test.bin': record([3, 5], [7, 8, 9]),
    })
    const dataset = await cifar(join(folder, 'cifar-100-binary'), { split: 'train', ...plain })
    expect((await dataset.batch([0])).targets.indexOf(1)).toBe(77)
  })

  it('refuses files that do not hold whole images, and labels that are no class', async () => {
    const damaged = join(folder, 'damaged')
    writeFiles(damaged, {
      'fine_label_names.txt': 'one\ntwo',
      'train.bin': record([0, 5], [1, 1, 1]),
      'test.bin': Buffer.alloc(3000),
    })
    await expect(cifar(damaged, { split: 'test' })).rejects.toThrow(/test.bin does not hold whole images/)
    await expect(cifar(damaged, { split: 'train' })).rejects.toThrow(/label that is not a class/)
    await expect(cifar(folder, { split: 'train' })).rejects.toThrow(/neither CIFAR-10 nor CIFAR-100/)
  })
})
