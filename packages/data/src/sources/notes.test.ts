import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ImageListing } from '../images/index.js'
import { archive } from '../testing/archives.js'
import { writeFiles } from '../testing/folders.js'
import { imageFolder } from './image-folder.js'
import { manifest } from './manifest.js'
import type { ImageSplits, SplitOptions } from './splits.js'
import { tarShards } from './tar-shards.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-notes-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

type Files = Readonly<Record<string, string>>

/** Files of classes, each of contents of its own unless others are given. */
function files(counts: Readonly<Record<string, number>>, others: Files = {}): Files {
  const names = Object.entries(counts).flatMap(([label, count]) =>
    Array.from({ length: count }, (_, index) => `${label}/${index}.jpg`),
  )
  return { ...Object.fromEntries(names.map((name) => [name, `contents of ${name}`])), ...others }
}

async function asFolder(contents: Files, options: SplitOptions = {}): Promise<ImageSplits> {
  writeFiles(join(folder, 'set'), contents)
  return imageFolder(join(folder, 'set'), options)
}

async function asTar(contents: Files, options: SplitOptions = {}): Promise<ImageSplits> {
  writeFiles(folder, { 'set.tar': await archive(Object.entries(contents).map(([name, text]) => [{ name }, text])) })
  return tarShards(join(folder, 'set.tar'), options)
}

async function asManifest(contents: Files, options: SplitOptions = {}): Promise<ImageSplits> {
  const lines = Object.keys(contents).map((image) => {
    const [first = '', second = ''] = image.split('/')
    const isDivided = ['train', 'val', 'test'].includes(first)
    return JSON.stringify({ image, label: isDivided ? second : first, ...(isDivided ? { split: first } : {}) })
  })
  writeFiles(join(folder, 'set'), { ...contents, 'set.jsonl': lines.join('\n') })
  return manifest(join(folder, 'set/set.jsonl'), options)
}

const contentsOf = ({ images }: ImageListing): readonly string[] =>
  images.map(({ path, offset = 0, length }) => {
    const bytes = readFileSync(path)
    return bytes.subarray(offset, offset + (length ?? bytes.length)).toString()
  })

describe.each([
  ['a folder', asFolder],
  ['a tar', asTar],
  ['a manifest', asManifest],
])('equal files of %s', (_, read) => {
  it('never lie on both sides of a division', async () => {
    // Of each class ten pictures of one kind, and ten that are there twice.
    const twice = Object.fromEntries(
      ['cat', 'dog'].flatMap((label) =>
        Array.from({ length: 20 }, (_each, index) => [`${label}/copy-${index}.jpg`, `${label} number ${index % 10}`]),
      ),
    )
    for (const splitSeed of [1, 2, 3]) {
      const { train, validation, notes } = await read(files({ cat: 10, dog: 10 }, twice), { splitSeed })
      const seen = new Set(contentsOf(train))
      expect(validation?.images.length).toBe(12)
      expect(validation === undefined ? [] : contentsOf(validation).filter((text) => seen.has(text))).toEqual([])
      expect(notes).toEqual([])
    }
  })

  it('stay together where a class has no others', async () => {
    const twice = Object.fromEntries(
      ['cat', 'dog'].flatMap((label) =>
        Array.from({ length: 20 }, (_each, index) => [`${label}/${index}.jpg`, `${label} number ${index % 10}`]),
      ),
    )
    const { train, validation } = await read(twice)
    const seen = new Set(contentsOf(train))
    expect(validation?.images.length).toBe(8)
    expect(validation === undefined ? [] : contentsOf(validation).filter((text) => seen.has(text))).toEqual([])
  })

  it('in several splits are named', async () => {
    const { notes } = await read(
      files(
        { 'train/cat': 5, 'train/dog': 5, 'val/cat': 5, 'val/dog': 5, 'test/cat': 5, 'test/dog': 5 },
        { 'val/cat/0.jpg': 'contents of train/cat/0.jpg', 'test/dog/1.jpg': 'contents of val/dog/1.jpg' },
      ),
    )
    expect(notes).toHaveLength(1)
    expect(notes[0]).toMatch(/^2 pictures are in more than one split/)
    expect(notes[0]).toMatch(/train \S*cat\/0\.jpg = validation \S*cat\/0\.jpg/)
    expect(notes[0]).toMatch(/validation \S*dog\/1\.jpg = test \S*dog\/1\.jpg/)
  })

  it('under two labels are named, with the first few and a count', async () => {
    const torn = Object.fromEntries(
      Array.from({ length: 8 }, (_each, index) => [`dog/x${index}.jpg`, `contents of cat/${index}.jpg`]),
    )
    const { notes } = await read(files({ cat: 10, dog: 10 }, torn))
    expect(notes).toHaveLength(1)
    expect(notes[0]).toMatch(
      /^8 pictures are under more than one label: \S*cat\/0\.jpg \(cat\) = \S*dog\/x0\.jpg \(dog\)/,
    )
    expect(notes[0]).toMatch(/ and 3 more$/)
  })

  it('do not leave the validation split empty', async () => {
    const same = Object.fromEntries(
      ['cat', 'dog'].flatMap((label) => [0, 1, 2, 3, 4].map((index) => [`${label}/${index}.jpg`, 'the same'])),
    )
    const { validation, notes } = await read(same)
    expect(validation?.images.length).toBe(2)
    expect(notes).toContainEqual(expect.stringMatching(/1 picture is in more than one split/))
  })

  it('of the same size alone are not taken for equal', async () => {
    const { notes } = await read(files({ 'train/cat': 9, 'train/dog': 9, 'val/cat': 9, 'val/dog': 9 }))
    expect(notes).toEqual([])
  })
})

describe('the balance of classes', () => {
  it.each<[Readonly<Record<string, number>>, readonly string[]]>([
    [{ cat: 20, dog: 20 }, []],
    [{ cat: 39, dog: 10 }, []],
    [{ cat: 40, dog: 10 }, ['the classes are far from balanced: from 10 images of dog to 40 of cat']],
    [{ cat: 6, dog: 4 }, ['fewer than 5 images to train on of dog (4)']],
    [
      { ant: 1, bee: 2, cat: 9 },
      [
        'the classes are far from balanced: from 1 image of ant to 9 of cat; fewer than 5 images to train on of ant (1) and bee (2)',
      ],
    ],
  ])('%j', async (counts, expected) => {
    expect((await asFolder(files(counts), { validationSplit: 0 })).notes).toEqual(expected)
  })
})

describe('a note', () => {
  it.skipIf(process.platform === 'win32')(
    'holds nothing that a terminal would obey, on one line (Windows has no such names)',
    async () => {
      const name = 'val/evil\u001b[2J\ntest accuracy 100 %/0.jpg'
      const { notes } = await asFolder({
        ...files({ 'train/cat': 5, 'train/dog': 5, 'val/cat': 5, 'val/dog': 5 }),
        [name]: 'x',
      })
      expect(notes).toEqual([expect.stringContaining('evil\\x1b[2J\\ntest accuracy 100 %')])
    },
  )
})
