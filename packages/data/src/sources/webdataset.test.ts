import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { splitNames } from '@convzoo/core/define'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { archive } from '../testing/archives.js'
import { photograph, writeFiles } from '../testing/folders.js'
import type { ImageSplits } from './splits.js'
import { type TarShardOptions, tarShards } from './tar-shards.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-shards-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

type Files = Readonly<Record<string, string | Buffer>>

/** Reads an archive of these members; what has no text has its name. */
async function read(
  files: Files | readonly (readonly [string, string])[],
  options: TarShardOptions = {},
): Promise<ImageSplits> {
  const members = Array.isArray(files) ? files : Object.entries(files)
  writeFiles(folder, { 's.tar': await archive(members.map(([name, contents]) => [{ name }, contents || name])) })
  return tarShards(join(folder, 's.tar'), options)
}

/** `member class` of every image, by split. */
const samplesOf = (splits: ImageSplits): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    splitNames.flatMap((split) => {
      const listing = splits[split]
      if (listing === undefined) return []
      const lines = listing.images.map(({ name, label }) => `${name.slice(6)} ${listing.classes[label]}`)
      return [[split, lines]]
    }),
  )

const refusedOf = ({ train }: ImageSplits): readonly string[] =>
  train.refused.map(({ name, reason }) => `${name.slice(6)}: ${reason}`)

const whole = { validationSplit: 0 }

const many = (count: number, of: (index: number) => Files): Files =>
  Object.assign({}, ...Array.from({ length: count }, (_, index) => of(index)))

describe('an archive of Windows', () => {
  it('with backslashes between folders is the same as one with slashes', async () => {
    const files = { 'train/cat/0.jpg': '', 'train/dog/1.jpg': '', 'val/cat/2.jpg': '', 'val/dog/3.jpg': '' }
    const there = await read(files)
    const names = Object.keys(files).map((name): [string, string] => [name.replaceAll('/', '\\'), name])
    const here = await read(names)
    expect(samplesOf(here)).toEqual(samplesOf(there))
    expect(here.train.images.map(({ key }) => key)).toEqual(there.train.images.map(({ key }) => key))
    expect(Object.keys(samplesOf(here))).toEqual(['train', 'validation'])
  })

  it('cannot lead out of it', async () => {
    const splits = await read({ 'cat/0.jpg': '', 'dog/1.jpg': '', 'cat\\..\\..\\2.jpg': '' }, whole)
    expect(refusedOf(splits)).toEqual([expect.stringContaining('leads out of the archive')])
  })
})

describe('labels in a shard', () => {
  it.each<[string, Files]>([
    ['.cls', { '0.jpg': '', '0.cls': 'cat', '1.jpg': '', '1.cls': 'dog' }],
    ['.cls after spaces and lines', { '0.jpg': '', '0.cls': ' cat\r\n', '1.jpg': '', '1.cls': '\ufeffdog\n' }],
    ['.CLS', { '0.JPG': '', '0.CLS': 'cat', '1.JPG': '', '1.CLS': 'dog' }],
    ['.txt', { '0.jpg': '', '0.txt': 'cat', '1.jpg': '', '1.txt': 'dog\n' }],
    ...['label', 'cls', 'class', 'class_name', 'category'].map((key): [string, Files] => [
      `JSON's ${key}`,
      { '0.jpg': '', '0.json': JSON.stringify({ width: 1, [key]: 'cat' }), '1.jpg': '', '1.json': `{"${key}":"dog"}` },
    ]),
    ['labels before images', { '0.cls': 'cat', '0.jpg': '', '1.cls': 'dog', '1.jpg': '' }],
    [
      '.cls rather than others',
      { '0.jpg': '', '0.txt': 'a cat', '0.json': '{"label":"x"}', '0.cls': 'cat', '1.jpg': '', '1.cls': 'dog' },
    ],
    ['.cls in a folder', { 'a/0.jpg': '', 'a/0.cls': 'cat', 'a/1.jpg': '', 'a/1.cls': 'dog' }],
    ['.txt in one folder', { 'a/0.jpg': '', 'a/0.txt': 'cat', 'a/1.jpg': '', 'a/1.txt': 'dog' }],
  ])('are taken from %s', async (_, files) => {
    const splits = await read(files, whole)
    expect(splits.train.classes).toEqual(['cat', 'dog'])
    expect(splits.train.images.map(({ label }) => label)).toEqual([0, 1])
    expect(splits.train.refused).toEqual([])
  })

  it('may be numbers, which names of classes stand for', async () => {
    const files = { '0.jpg': '', '0.cls': '1', '1.jpg': '', '1.json': '{"label": 0}', '2.jpg': '', '2.cls': 'dog' }
    expect((await read({ ...files, '2.cls': '10' }, whole)).train.classes).toEqual(['0', '1', '10'])
    const { train } = await read(files, { ...whole, classes: ['cat', 'dog'] })
    expect(train.images.map(({ label }) => label)).toEqual([1, 0, 1])
  })

  it('that are missing refuse their image by its name, and make no class', async () => {
    const files = many(12, (index) => ({
      [`${index}.jpg`]: '',
      ...(index === 7 ? {} : { [`${index}.cls`]: `${index % 2}` }),
    }))
    const splits = await read(files, whole)
    expect(splits.train.classes).toEqual(['0', '1'])
    expect(splits.train.images.length).toBe(11)
    expect(refusedOf(splits)).toEqual(['7.jpg: without a label: no .cls, .json or .txt beside it says a class'])
  })

  it.each([
    ['', 'an empty label'],
    ['  \n', 'an empty label'],
    ['.', 'a label that names no class: .'],
    ['..', 'a label that names no class: ..'],
    ['x'.repeat(300), 'a label of more than 200 characters'],
    ['65536', 'a label outside the classes: 65536'],
  ])('such as %j refuse their image', async (label, reason) => {
    const members = [
      ['0.jpg', ''],
      ['1.jpg', ''],
      ['1.cls', 'dog'],
      ['2.jpg', ''],
      ['2.cls', 'cat'],
    ] as const
    writeFiles(folder, {
      's.tar': await archive([[{ name: '0.cls' }, label], ...members.map(([name, text]) => [{ name }, text] as const)]),
    })
    const splits = await tarShards(join(folder, 's.tar'), whole)
    expect(splits.train.classes).toEqual(['cat', 'dog'])
    expect(refusedOf(splits)).toEqual([expect.stringContaining(`0.jpg: ${reason}`)])
  })

  it('that nobody knows are an error in words', async () => {
    const rejected = {
      kind: 'data',
      message: expect.stringMatching(/s\.tar does not say which of its pictures[\s\S]*2 pictures in no folder/),
    }
    await expect(read({ '0.jpg': '', '0.json': '{"width": 3}', '1.jpg': '' })).rejects.toMatchObject(rejected)
    const captions = many(30, (index) => ({ [`${index}.jpg`]: '', [`${index}.txt`]: `a photograph of thing ${index}` }))
    await expect(read(captions)).rejects.toThrow(/30 pictures in no folder/)
    const few = many(6, (index) => ({ [`${index}.jpg`]: '', [`${index}.txt`]: `a photograph of thing ${index}` }))
    await expect(read(few)).rejects.toThrow(/6 pictures in no folder/)
    await expect(read({ 'readme.md': '' })).rejects.toThrow(/holds no image with a class/)
  })

  it('that are no text of UTF-8 are no classes', async () => {
    writeFiles(folder, {
      's.tar': await archive([
        [{ name: '0.jpg' }, '0'],
        [{ name: '0.cls' }, Buffer.from('caf\u00e9', 'latin1')],
        [{ name: '1.jpg' }, '1'],
        [{ name: '1.cls' }, Buffer.from('\ufeffcat', 'utf16le')],
        [{ name: '2.jpg' }, '2'],
        [{ name: '2.cls' }, 'cat'],
      ]),
    })
    const splits = await tarShards(join(folder, 's.tar'), whole)
    expect(splits.train.classes).toEqual(['cat'])
    expect(refusedOf(splits)).toEqual(
      ['0', '1'].map((stem) => `${stem}.jpg: a label that is no text of UTF-8, in ${stem}.cls`),
    )
  })

  it('beside two images of a sample are no reason to take folders for classes', async () => {
    const pairs = many(4, (index) => ({
      [`${index % 2}/${index}.left.png`]: '',
      [`${index % 2}/${index}.right.png`]: '',
      [`${index % 2}/${index}.cls`]: 'cat',
    }))
    await expect(read(pairs)).rejects.toThrow(/several images of one sample: 0\/0\.left\.png, 0\/0\.right\.png/)
    const splits = await read({ ...pairs, '0/9.png': '', '0/9.cls': 'dog' }, whole)
    expect(samplesOf(splits)).toEqual({ train: ['0/9.png dog'] })
    expect(refusedOf(splits)).toHaveLength(8)
    expect(refusedOf(splits)[0]).toMatch(/several images of one sample: 0\/0\.left\.png, 0\/0\.right\.png/)
  })

  it('leave captions and descriptions beside pictures in folders of classes alone', async () => {
    const { train } = await read(
      {
        'cat/0.jpg': '',
        'cat/0.txt': 'asleep',
        'dog/1.jpg': '',
        'dog/1.txt': 'awake',
        'dog/2.jpg': '',
        'dog/2.json': '{"label":"x"}',
      },
      whole,
    )
    expect(train.classes).toEqual(['cat', 'dog'])
    expect(train.foreign?.map(({ name }) => name)).toEqual(['s.tar/cat/0.txt', 's.tar/dog/1.txt', 's.tar/dog/2.json'])
  })

  it('lie in splits by the folders at the top', async () => {
    const files = many(4, (index) => ({
      [`shards/train/${index}.jpg`]: '',
      [`shards/train/${index}.cls`]: `${index % 2}`,
      [`shards/val/${index}.jpg`]: `val ${index}`,
      [`shards/val/${index}.cls`]: `${index % 2}`,
    }))
    const splits = await read(files)
    expect(samplesOf(splits).validation).toEqual([0, 1, 2, 3].map((index) => `shards/val/${index}.jpg ${index % 2}`))
    expect(splits.train.images.length).toBe(4)
    await expect(
      read(
        many(2, (index) => ({
          [`val/${index}.jpg`]: '',
          [`val/${index}.cls`]: '0',
          [`test/${index}.jpg`]: '',
          [`test/${index}.cls`]: '0',
        })),
      ),
    ).rejects.toThrow(/validation and test: images, but none to train on/)
  })
})

describe('samples of a shard', () => {
  const labelled = { '9.jpg': '', '9.cls': 'dog' }

  it.each<[string, Files, string]>([
    ['a mask', { '0.jpg': '', '0.mask.png': '', '0.cls': 'cat' }, '0.jpg cat'],
    ['a mask that comes first', { '0.mask.png': '', '0.cls': 'cat', '0.jpg': '' }, '0.jpg cat'],
    ['several others', { '0.seg.png': '', '0.depth.png': '', '0.png': '', '0.cls': 'cat' }, '0.png cat'],
    ['an image of a longer name alone', { '0.input.jpg': '', '0.cls': 'cat' }, '0.input.jpg cat'],
  ])('have one image, beside %s', async (_, files, sample) => {
    const splits = await read({ ...files, ...labelled }, whole)
    expect(samplesOf(splits).train).toEqual([sample, '9.jpg dog'])
    expect(splits.train.refused).toEqual([])
    const others = Object.keys(files).filter((name) => !name.endsWith('.cls') && !sample.startsWith(name))
    expect(splits.train.foreign?.map(({ name }) => name.slice(6)).sort()).toEqual(others.sort())
  })

  it.each<[string, Files, readonly string[]]>([
    ['0.jpg and 0.png', { '0.jpg': '', '0.png': '', '0.cls': 'cat' }, ['0.jpg', '0.png']],
    [
      '0.left.jpg and 0.right.jpg',
      { '0.left.jpg': '', '0.right.jpg': '', '0.cls': 'cat' },
      ['0.left.jpg', '0.right.jpg'],
    ],
  ])('with %s are refused by name', async (_, files, names) => {
    const splits = await read({ ...files, ...labelled }, whole)
    expect(samplesOf(splits).train).toEqual(['9.jpg dog'])
    expect(refusedOf(splits)).toEqual(names.map((name) => `${name}: several images of one sample: ${names.join(', ')}`))
  })

  it.each([
    ['plain', (index: number) => ({ [`${index % 2 === 0 ? 'cat' : 'dog'}/photo.2020.01.${index}.jpg`]: '' })],
    [
      'labelled',
      (index: number) => ({
        [`photo.2020.01.${index}.jpg`]: '',
        [`photo.2020.01.${index}.cls`]: index % 2 === 0 ? 'cat' : 'dog',
      }),
    ],
  ])('whose names hold dots are all there: %s', async (_, of) => {
    const splits = await read(many(12, of), whole)
    expect(splits.train.classes).toEqual(['cat', 'dog'])
    expect(splits.train.images.length).toBe(12)
  })

  it('whose names hold dots miss no label of another', async () => {
    const files = many(12, (index) => ({
      [`p.${index}.jpg`]: '',
      ...(index === 3 ? {} : { [`p.${index}.cls`]: `${index % 2}` }),
    }))
    const splits = await read(files, whole)
    expect(splits.train.images.length).toBe(11)
    expect(refusedOf(splits)).toEqual([expect.stringContaining('p.3.jpg: without a label')])
  })

  it('that are there twice are taken once, the last time, and named', async () => {
    const splits = await read(
      [
        ['cat/0.jpg', 'old'],
        ['dog/1.jpg', 'other'],
        ['cat/0.jpg', 'newer'],
      ],
      whole,
    )
    expect(splits.train.images.map(({ length }) => length)).toEqual([5, 5])
    expect(splits.notes).toContainEqual(expect.stringMatching(/several times in an archive.*s\.tar\/cat\/0\.jpg/))
  })

  it('are found by their first bytes where their names do not say', async () => {
    const picture = await photograph(8, 8)
    const bitmap = Buffer.concat([Buffer.from('BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0', 'latin1'), Buffer.alloc(60)])
    const splits = await read({ 'cat/0': picture, 'dog/1.data': picture, 'dog/2': bitmap, 'dog/3': 'text' }, whole)
    expect(samplesOf(splits).train).toEqual(['cat/0 cat', 'dog/1.data dog'])
    expect(refusedOf(splits)).toEqual([expect.stringMatching(/^dog\/2: BMP, which is not read: convert it/)])
    expect(splits.train.foreign?.map(({ name }) => name)).toEqual(['s.tar/dog/3'])
  })

  it('are refused where they are links and devices, or their names lead out', async () => {
    writeFiles(folder, {
      's.tar': await archive([
        [{ name: 'cat/0.jpg' }, 'a'],
        [{ name: 'dog/1.jpg' }, 'b'],
        [{ name: 'cat/link.jpg', type: 'symlink', linkname: '/etc/passwd' }],
        [{ name: 'cat/null.jpg', type: 'character-device' }],
        [{ name: '../outside.jpg' }, 'c'],
        [{ name: 'cat/../../outside.jpg' }, 'd'],
        [{ name: 'empty/', type: 'directory' }],
      ]),
    })
    const { train } = await tarShards(join(folder, 's.tar'), whole)
    expect(train.classes).toEqual(['cat', 'dog'])
    expect(train.refused.map(({ reason }) => reason).sort()).toEqual([
      'a character-device in an archive',
      'a name that leads out of the archive',
      'a name that leads out of the archive',
      'a symlink in an archive',
    ])
    expect(train.foreign).toEqual([{ name: 's.tar/empty/', reason: 'a class with no image' }])
  })
})

describe('several shards', () => {
  it('are one source: of keys that come again, each is a sample', async () => {
    for (const shard of ['00', '01']) {
      const members = ['cat', 'dog'].flatMap((label, key) => [
        [{ name: `${key}.jpg` }, `${shard} ${label}`] as const,
        [{ name: `${key}.cls` }, label] as const,
      ])
      writeFiles(folder, { [`train-${shard}.tar`]: await archive(members) })
    }
    const { train } = await tarShards(join(folder, 'train-{00..01}.tar'), whole)
    expect(train.images.map(({ name }) => name)).toEqual([
      'train-00.tar/0.jpg',
      'train-00.tar/1.jpg',
      'train-01.tar/0.jpg',
      'train-01.tar/1.jpg',
    ])
  })

  it('refuses options that it does not know', async () => {
    await expect(read({ 'a/0.jpg': '', 'b/1.jpg': '' }, JSON.parse('{"labels": 1}'))).rejects.toThrow(
      /no option "labels"/,
    )
    await expect(read({ 'a/0.jpg': '', 'b/1.jpg': '' }, { classes: ['a', 'a'] })).rejects.toMatchObject({
      kind: 'option',
    })
  })
})
