import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fixture, temporaryFolder, writeFiles } from '../testing/folders.js'
import { namedData } from './named.js'

const folder = temporaryFolder(afterAll)
let count = 0

beforeEach(() => {
  process.env.CONVZOO_CACHE = join(folder, `cache-${count++}`)
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const cached = (...names: readonly string[]): string => join(process.env.CONVZOO_CACHE ?? '', 'datasets', ...names)

/** A network that answers every address alike. */
function answering(answer: () => Response | Promise<never>) {
  const asked: string[] = []
  vi.stubGlobal('fetch', async (url: URL) => {
    asked.push(url.href)
    return answer()
  })
  return asked
}

describe('sets that are known by name', () => {
  it('mnist is the installed package, and asks nobody', async () => {
    const asked = answering(() => Promise.reject(new Error('offline')))
    const source = await namedData('mnist')
    const test = await source.load('test', { imageShape: [28, 28, 1] })
    expect([source.classes.length, test.length, asked]).toEqual([10, 10_000, []])
  })

  it('without a connection say where to put the files, and find them there', async () => {
    answering(() => Promise.reject(new TypeError('fetch failed', { cause: new Error('no network') })))
    const source = await namedData('fashion-mnist')
    const shape = { imageShape: [28, 28, 1] } as const
    // Debian's package may be installed here.
    if (!existsSync('/usr/share/datasets/fashion-mnist')) {
      await expect(source.load('train', shape)).rejects.toMatchObject({
        kind: 'file',
        received: 'fetch failed: no network',
        hint: expect.stringContaining(`put train-images-idx3-ubyte.gz into ${cached('fashion-mnist')}`),
      })
    }
    for (const name of ['train-images-idx3-ubyte.gz', 'train-labels-idx1-ubyte.gz']) {
      const path = cached('fashion-mnist', name)
      mkdirSync(dirname(path), { recursive: true })
      copyFileSync(fixture(`fashion-mnist/${name}`), path)
    }
    expect((await source.load('train', shape)).length).toBeGreaterThan(1000)
    await expect(namedData('cifar10')).rejects.toMatchObject({
      hint: expect.stringContaining(`put the unpacked folder cifar-10-batches-bin into ${cached()}`),
    })
  })

  it('refuse what is not the original, and leave nothing behind', async () => {
    const asked = answering(() => new Response('something else'))
    await expect(namedData('cifar100')).rejects.toThrow(/the sha256 is [0-9a-f]{64}, not 58a81ae1/)
    expect(asked).toEqual(['https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz'])
    expect(readdirSync(cached())).toEqual([])
  })

  it('cifar10 is found where it was put', async () => {
    const bytes = new Uint8Array(3073).fill(7)
    writeFiles(cached('cifar-10-batches-bin'), {
      'batches.meta.txt': Array.from({ length: 10 }, (_, label) => `class ${label}`).join('\n'),
      ...Object.fromEntries(
        ['data_batch_1', 'data_batch_2', 'data_batch_3', 'data_batch_4', 'data_batch_5', 'test_batch'].map((name) => [
          `${name}.bin`,
          bytes,
        ]),
      ),
    })
    const source = await namedData('cifar10')
    expect((await source.load('train', { imageShape: [32, 32, 3] })).length).toBe(5)
  })
})
