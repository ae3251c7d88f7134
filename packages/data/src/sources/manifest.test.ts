import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { splitNames } from '@convzoo/core/define'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ManifestOptions, manifest } from './manifest.js'
import type { ImageSplits } from './splits.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-manifest-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

function read(
  lines: readonly (object | string)[],
  options: ManifestOptions = { validationSplit: 0 },
): Promise<ImageSplits> {
  const path = join(folder, 'm.jsonl')
  writeFileSync(path, lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'))
  return manifest(path, options)
}

const line = (image: string, label: unknown, split?: unknown): object => ({
  image,
  label,
  ...(split === undefined ? {} : { split }),
})
const pair = [line('1.jpg', 'cat'), line('2.jpg', 'dog')]

const namesOf = (splits: ImageSplits): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    splitNames.flatMap((split) =>
      splits[split] === undefined ? [] : [[split, splits[split].images.map(({ name }) => name)]],
    ),
  )

const refusedOf = ({ train }: ImageSplits): readonly string[] =>
  train.refused.map(({ name, reason }) => `${name}: ${reason}`)

describe('the lines of a manifest', () => {
  it.each<[string, readonly (object | string)[]]>([
    ['behind a byte order mark', [`\ufeff${JSON.stringify(pair[0])}`, pair[1] ?? '']],
    ['with ends of Windows', [`${JSON.stringify(pair[0])}\r`, `${JSON.stringify(pair[1])}\r`]],
    ['between empty ones', ['', pair[0] ?? '', '  ', pair[1] ?? '', '']],
    [
      'with a path in "path"',
      [
        { path: '1.jpg', label: 'cat' },
        { path: '2.jpg', label: 'dog' },
      ],
    ],
    [
      'with a path in "file"',
      [
        { file: '1.jpg', label: 'cat' },
        { file: '2.jpg', label: 'dog' },
      ],
    ],
    [
      'with a path in "file_name"',
      [
        { file_name: '1.jpg', label: 'cat' },
        { file_name: '2.jpg', label: 'dog' },
      ],
    ],
    [
      'with a class in "class"',
      [
        { image: '1.jpg', class: 'cat' },
        { image: '2.jpg', class: 'dog' },
      ],
    ],
    ['with paths of Windows', [line('.\\1.jpg', 'cat'), line('cats\\..\\2.jpg', 'dog')]],
    ['with space around paths', [line('1.jpg ', 'cat'), line('\t2.jpg\r', 'dog')]],
    ['with space around labels', [line('1.jpg', ' cat '), line('2.jpg', 'dog\t')]],
  ])('%s are read', async (_, lines) => {
    const splits = await read(lines)
    expect(splits.train.classes).toEqual(['cat', 'dog'])
    expect(splits.train.images.map(({ key }) => key)).toEqual(['1.jpg', '2.jpg'])
    expect(splits.train.images.map(({ path }) => path)).toEqual([join(folder, '1.jpg'), join(folder, '2.jpg')])
    expect(splits.train.refused).toEqual([])
  })

  it.each<[object | string, string]>([
    ['nonsense', 'not JSON'],
    ['[1]', 'not an object'],
    ['null', 'not an object'],
    ['['.repeat(100), 'JSON nested more than 64 deep'],
    [{ label: 'cat' }, 'without a path in "image"'],
    [{ image: '', label: 'cat' }, 'without a path in "image"'],
    [{ image: 3, label: 'cat' }, 'without a path in "image"'],
    [{ image: 'x.jpg' }, 'without a class in "label"'],
    [line('x.jpg', null), 'without a class in "label"'],
    [line('x.jpg', ''), 'an empty label'],
    [line('x.jpg', '  '), 'an empty label'],
    [line('x.jpg', '.'), 'a label that names no class: .'],
    [line('x.jpg', true), 'a label that is neither a text nor a number'],
    [line('x.jpg', ['cat']), 'a label that is neither a text nor a number'],
    [line('x.jpg', 'cat', 'exam'), 'a split that is none of train, val and test: "exam"'],
    [line('x.jpg', 'cat', 3), 'a split that is none of train, val and test: 3'],
    ['{"image": "x.jpg", "label": "cat", "split": "train", "__proto__": {}', 'not JSON'],
  ])('%j is refused by its number', async (wrong, reason) => {
    expect(refusedOf(await read([...pair, wrong]))).toEqual([`m.jsonl:3: ${reason}`])
  })

  it.skipIf(process.platform === 'win32')(
    'may name a file with a backslash or a space in its name, where there is one (Windows has no such names)',
    async () => {
      for (const name of ['a\\1.jpg', ' 2.jpg ']) writeFileSync(join(folder, name), '')
      const { train } = await read([line('a\\1.jpg', 'cat'), line(' 2.jpg ', 'dog')])
      expect(train.images.map(({ path }) => path)).toEqual([join(folder, 'a\\1.jpg'), join(folder, ' 2.jpg ')])
    },
  )

  it.skipIf(process.platform === 'win32')(
    'are refused where they start at a drive of Windows (which has drives)',
    async () => {
      const splits = await read([...pair, line('C:\\photos\\3.jpg', 'cat')])
      expect(refusedOf(splits)).toEqual([expect.stringMatching(/^C:\/photos\/3\.jpg: a path of Windows/)])
    },
  )

  it('give one class for two forms of Unicode, and numbers as names', async () => {
    const { train } = await read([
      line('1.jpg', 'Ma\u0308use'),
      line('2.jpg', 'M\u00e4use'),
      line('3.jpg', 7),
      line('4.jpg', '7'),
    ])
    expect(train.classes).toEqual(['7', 'M\u00e4use'])
  })

  it('give the same classes in whatever order they stand', async () => {
    const labels = ['2', '10', '1a', 'b', 'B', '01']
    const orders = [labels, [...labels].reverse(), ['10', '1a', 'b', '2', '01', 'B']]
    for (const order of orders) {
      const { train } = await read(order.map((label) => line(`${label}.jpg`, label)))
      expect(train.classes).toEqual(['01', '1a', '2', '10', 'B', 'b'])
    }
  })

  it('that name pictures of formats that are not read, or an image again, are named', async () => {
    const splits = await read([...pair, line('3.heic', 'cat'), line('./1.jpg', 'cat')])
    expect(refusedOf(splits)).toEqual([expect.stringMatching(/^3\.heic: HEIC, which is not read: convert it/)])
    expect(splits.notes).toContainEqual('named in more than one line: ./1.jpg')
  })
})

describe('the splits of a manifest', () => {
  it.each([
    ['train', 'train'],
    ['Train', 'train'],
    ['training', 'train'],
    ['val', 'validation'],
    ['VAL', 'validation'],
    ['valid', 'validation'],
    ['validation', 'validation'],
    ['dev', 'validation'],
    ['eval', 'validation'],
    ['test', 'test'],
    ['testing', 'test'],
    [' holdout ', 'test'],
    ['', 'train'],
    [null, 'train'],
    [undefined, 'train'],
  ])('%j is %s', async (said, split) => {
    const splits = await read(
      [
        ...pair.map((each) => ({ ...each, split: 'train' })),
        line('3.jpg', 'cat', 'val'),
        line('4.jpg', 'cat', 'test'),
        line('x.jpg', 'dog', said),
      ],
      {},
    )
    expect(Object.entries(namesOf(splits)).find(([, names]) => names.includes('x.jpg'))?.[0]).toBe(split)
  })

  it('are not divided where no line says more than train', async () => {
    const lines = Array.from({ length: 20 }, (_, index) =>
      line(`${index}.jpg`, index % 2, ['train', '', ' '][index % 3]),
    )
    const { train, validation } = await read(lines, {})
    expect([train.images.length, validation?.images.length]).toEqual([16, 4])
  })

  it('to look at alone are an error, and so is a part to set aside where there is one', async () => {
    const looked = [line('1.jpg', 'cat', 'val'), line('2.jpg', 'dog', 'test')]
    await expect(read(looked)).rejects.toThrow(/names no image to train on[\s\S]*validation and test alone/)
    await expect(read([...pair, ...looked], { validationSplit: 0.1 })).rejects.toMatchObject({ kind: 'option' })
  })
})

describe('labels of a manifest', () => {
  it('are no classes where they are no text: Latin-1, a zero, half a pair of surrogates', async () => {
    const path = join(folder, 'm.jsonl')
    const [cat, dog] = pair.map((entry) => `${JSON.stringify(entry)}\n`)
    const latin = Buffer.from('{"image": "3.jpg", "label": "caf\u00e9"}\n', 'latin1')
    const others = '{"image": "4.jpg", "label": "c\\u0000t"}\n{"image": "5.jpg", "label": "\\ud800"}\n'
    writeFileSync(path, Buffer.concat([Buffer.from(`${cat}${dog}`), latin, Buffer.from(others)]))
    const splits = await manifest(path, { validationSplit: 0 })
    expect(splits.train.classes).toEqual(['cat', 'dog'])
    expect(refusedOf(splits)).toEqual([3, 4, 5].map((at) => `m.jsonl:${at}: a label that is no text of UTF-8`))
  })
})

describe('the path of an image', () => {
  it('is no path with a zero in it, which says so by its line', async () => {
    const splits = await read([...pair, line('3\0.jpg', 'cat')])
    expect(refusedOf(splits)).toEqual(['m.jsonl:3: a path with a zero character, which no file has'])
  })
})

describe('a manifest that cannot be read', () => {
  it('is named', async () => {
    await expect(manifest(join(folder, 'none.jsonl'))).rejects.toThrow(/none\.jsonl cannot be read/)
    await expect(read(['nonsense'])).rejects.toThrow(/names no image to train on[\s\S]*m\.jsonl:1: not JSON/)
    await expect(read(pair, JSON.parse('{"part": 1}'))).rejects.toThrow(/no option "part"/)
  })

  it('says that it is UTF-16', async () => {
    const path = join(folder, 'wide.jsonl')
    const text = pair.map((entry) => JSON.stringify(entry)).join('\n')
    for (const start of ['', '\ufeff']) {
      const little = Buffer.from(start + text, 'utf16le')
      for (const bytes of [little, Buffer.from(little).swap16()]) {
        writeFileSync(path, bytes)
        await expect(manifest(path)).rejects.toMatchObject({
          kind: 'file',
          sentence: `${path} cannot be read: it is a text in UTF-16.`,
          hint: expect.stringMatching(/UTF-8 in an editor.*Set-Content new\.jsonl -Encoding utf8/),
        })
      }
    }
  })

  it.skipIf(process.platform === 'win32')('does not wait for a pipe', async () => {
    const path = join(folder, 'pipe.jsonl')
    execFileSync('mkfifo', [path])
    await expect(manifest(path)).rejects.toThrow(/a pipe, not a regular file/)
  })
})
