import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Dataset } from '@convzoo/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { imageDataset } from '../index.js'
import { archive } from '../testing/archives.js'
import { fixture, photograph, writeFiles } from '../testing/folders.js'
import type { DataSource } from './data-source.js'
import { manifest } from './manifest.js'
import { openData } from './open-data.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-open-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

const small = { imageShape: [8, 8, 3] } as const
const digits = { imageShape: [28, 28, 1] } as const

async function photographs(names: readonly string[], root = 'set'): Promise<string> {
  const pictures = await Promise.all(names.map((_, index) => photograph(16, 12, index)))
  writeFiles(join(folder, root), Object.fromEntries(names.map((name, index) => [name, pictures[index] ?? ''])))
  return join(folder, root)
}

const named = (prefix: string, count = 5): readonly string[] =>
  ['cat', 'dog'].flatMap((label) => Array.from({ length: count }, (_, index) => `${prefix}${label}/${index}.jpg`))

/** A folder with MNIST's files, of a few images. */
function idxFolder(names: readonly string[]): string {
  const root = join(folder, 'digits')
  mkdirSync(root)
  for (const split of names) {
    for (const what of ['images-idx3-ubyte.gz', 'labels-idx1-ubyte.gz']) {
      copyFileSync(fixture(`fashion-mnist/train-${what}`), join(root, `${split}-${what}`))
    }
  }
  return root
}

async function lengths(source: DataSource): Promise<Readonly<Record<string, number>>> {
  const found: Record<string, number> = {}
  for (const split of source.splits) {
    const dataset = await source.load(split, digits)
    found[split] = dataset.length
    await dataset.dispose?.()
  }
  return found
}

describe('a source', () => {
  it('has the splits that it says, and no others', async () => {
    const root = await photographs([...named('train/'), ...named('val/'), ...named('test/', 2)])
    const source = await openData(root)
    expect(source.splits).toEqual(['train', 'validation', 'test'])
    expect(await lengths(source)).toEqual({ train: 10, validation: 10, test: 4 })
    const divided = await openData(await photographs(named(''), 'whole'))
    expect(divided.splits).toEqual(['train', 'validation'])
    await expect(divided.load('test', small)).rejects.toMatchObject({
      kind: 'data',
      message: expect.stringMatching(/whole has no test split/),
    })
    expect((await openData(join(folder, 'whole'), { validationSplit: 0 })).splits).toEqual(['train'])
  })

  it('says what is odd about it', async () => {
    const root = await photographs([...named('train/'), ...named('val/', 1)])
    writeFileSync(join(root, 'labels.csv'), 'x')
    expect((await openData(root)).notes).toEqual(['1 file is no picture and left out: labels.csv'])
  })

  it('of one class is nothing to train on, unless that is meant', async () => {
    const source = await openData(await photographs(['cat/1.jpg', 'cat/2.jpg']))
    expect(source.notes).toContainEqual('there is one class, cat: nothing to tell apart')
    await expect(source.load('train', small)).rejects.toMatchObject({
      kind: 'data',
      message: expect.stringMatching(/one class/),
    })
    for (const [split, options] of [
      ['train', { ...small, allowOneClass: true }],
      ['validation', small],
    ] as const) {
      await using dataset = withDispose(await source.load(split, options))
      expect(dataset.value.length).toBe(1)
    }
  })

  it('refuses options of which nobody knows', async () => {
    const root = await photographs(named(''))
    await expect(openData(root, JSON.parse('{"validation": 1}'))).rejects.toThrow(/openData has no option "validation"/)
    const source = await openData(root)
    await expect(source.load('train', { ...small, ...JSON.parse('{"lmit": 1}') })).rejects.toThrow(
      /has no option "lmit"/,
    )
  })
})

const withDispose = (value: Dataset): { readonly value: Dataset; [Symbol.asyncDispose](): Promise<void> } => ({
  value,
  [Symbol.asyncDispose]: async () => value.dispose?.(),
})

describe('a set in memory', () => {
  it('that is known by name goes before a folder of its name', async () => {
    const source = await openData('mnist')
    expect([source.name, source.splits, source.classes.length]).toEqual(['mnist', ['train', 'test'], 10])
    await expect(openData('./mnist')).rejects.toMatchObject({
      kind: 'file',
      message: expect.stringMatching(/one of mnist, fashion-mnist, cifar10, cifar100/),
    })
  })

  it('has some set aside to validate on where that is asked for', async () => {
    const whole = await lengths(await openData(idxFolder(['train', 't10k'])))
    const total = whole.train ?? 0
    expect(whole).toEqual({ train: total, test: total })
    const source = await openData(join(folder, 'digits'), { validationSplit: 0.25 })
    expect(source.splits).toEqual(['train', 'validation', 'test'])
    const { train = 0, validation = 0 } = await lengths(source)
    expect(train + validation).toBe(total)
    expect(Math.abs(validation - total / 4)).toBeLessThan(10)
    expect((await source.load('validation', { ...digits, limit: 7 })).length).toBe(7)
  })

  it('sets aside other samples than it trains on, of every class', async () => {
    const source = await openData(idxFolder(['train']))
    expect(source.splits).toEqual(['train', 'validation'])
    const seen = new Map<string, Set<string>>()
    for (const split of source.splits) {
      const dataset = await source.load(split, digits)
      const { images, targets } = await dataset.batch(Array.from({ length: dataset.length }, (_, index) => index))
      const rows = Array.from({ length: dataset.length }, (_, row) =>
        Buffer.from(images.slice(784 * row, 784 * (row + 1)).buffer).toString('base64'),
      )
      seen.set(split, new Set(rows))
      const labels = new Set(rows.map((_, row) => targets.subarray(10 * row, 10 * (row + 1)).indexOf(1)))
      expect(labels.size).toBe(10)
    }
    const both = [...(seen.get('validation') ?? [])].filter((row) => seen.get('train')?.has(row) === true)
    expect(both).toEqual([])
  })

  it('has a fingerprint of its bytes and labels', async () => {
    const root = idxFolder(['train'])
    const print = async (): Promise<string | undefined> => {
      const dataset = await (await openData(root, { validationSplit: 0 })).load('train', digits)
      return dataset.fingerprint?.()
    }
    const first = await print()
    expect(first).toMatch(/^[0-9a-f]{64}$/)
    expect(await print()).toBe(first)
    const path = join(root, 'train-labels-idx1-ubyte')
    const labels = gunzipSync(readFileSync(`${path}.gz`))
    labels[20] = ((labels[20] ?? 0) + 1) % 10
    rmSync(`${path}.gz`)
    writeFileSync(path, labels)
    expect(await print()).not.toBe(first)
  })
})

describe('the fingerprint of photographs', () => {
  const print = async (path: string): Promise<string | undefined> => {
    await using dataset = withDispose(await (await openData(path)).load('train', small))
    return dataset.value.fingerprint?.()
  }

  it('is the same wherever they lie', async () => {
    const root = await photographs([...named('train/'), ...named('val/', 1)])
    const first = await print(root)
    cpSync(root, join(folder, 'elsewhere/renamed'), { recursive: true })
    expect(await print(join(folder, 'elsewhere/renamed'))).toBe(first)
    expect(await print(join(folder, 'elsewhere'))).toBe(first)
  })

  it('of an archive is that of its contents, whatever it is called', async () => {
    const members = named('').map((name) => [{ name }, `contents of ${name}`] as const)
    writeFiles(folder, {
      'a.tar': await archive(members),
      'b.tar': await archive(members),
      'c.tar': await archive(members.slice(1)),
    })
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((name) => print(join(folder, `${name}.tar`))))
    expect(b).toBe(a)
    expect(c).not.toBe(a)
  })

  it('does not hang on the order of the classes', async () => {
    const lines = ['cat', 'dog'].flatMap((label) =>
      [0, 1, 2].map((n) => JSON.stringify({ image: `${label}${n}.jpg`, label })),
    )
    writeFiles(folder, { 'm.jsonl': lines.join('\n') })
    const prints = await Promise.all(
      [
        ['cat', 'dog'],
        ['dog', 'cat'],
      ].map(async (classes) => {
        const { train } = await manifest(join(folder, 'm.jsonl'), { classes, validationSplit: 0 })
        await using dataset = imageDataset(train, small)
        return dataset.fingerprint()
      }),
    )
    expect(prints[0]).toBe(prints[1])
  })

  it.each<[string, (root: string) => void]>([
    ['a name', (root) => renameSync(join(root, 'train/cat/0.jpg'), join(root, 'train/cat/9.jpg'))],
    ['a size', (root) => writeFileSync(join(root, 'train/cat/0.jpg'), 'other')],
    ['a label', (root) => renameSync(join(root, 'train/cat/0.jpg'), join(root, 'train/dog/cat-0.jpg'))],
    [
      'the name of a class',
      (root) => {
        renameSync(join(root, 'train/cat'), join(root, 'train/caracal'))
        renameSync(join(root, 'val/cat'), join(root, 'val/caracal'))
      },
    ],
    ['a picture less', (root) => rmSync(join(root, 'train/dog/4.jpg'))],
  ])('changes with %s', async (_, change) => {
    const root = await photographs([...named('train/'), ...named('val/', 1)])
    const first = await print(root)
    change(root)
    expect(await print(root)).not.toBe(first)
  })
})
