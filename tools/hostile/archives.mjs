// Tar shards and manifests as people make them.
import { join } from 'node:path'
import { filesOf, picture, writeTar, writeTarGz } from './pictures.mjs'
import { refuse, same, says, succeed, writeFiles } from './sandbox.mjs'

export const kind = 'archives and manifests'

const inspect = async (place, source) => {
  const { stdout, stderr } = await succeed(place, ['data', 'inspect', source, '--json'])
  return { report: JSON.parse(stdout), stderr }
}

/** Images of each class in all splits. */
const perClass = (report) => {
  const sum = {}
  for (const split of ['train', 'validation', 'test']) {
    for (const [name, count] of Object.entries(report[split]?.perClass ?? {})) sum[name] = (sum[name] ?? 0) + count
  }
  return sum
}

const sorted = (object) => Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)))

/** Names of the files that cannot be used. */
const badOf = (report) =>
  ['train', 'validation', 'test'].flatMap((split) => (report[split]?.bad ?? []).map(({ name }) => name))

/** Eight samples with labels written by `label`. */
async function samples(label) {
  const members = []
  for (let index = 0; index < 8; index++) {
    members.push([`${index}.jpg`, await picture(index)], ...label(index, index % 2))
  }
  return members
}

const halves = { 0: 4, 1: 4 }
const named = { cat: 4, dog: 4 }
const words = ['cat', 'dog']

const shards = [
  ['labels as .cls', (at, label) => [[`${at}.cls`, `${label}\n`]], halves],
  ['labels as .CLS', (at, label) => [[`${at}.CLS`, `${label}`]], halves],
  ['labels as .txt', (at, label) => [[`${at}.txt`, words[label]]], named],
  ['labels as JSON label', (at, label) => [[`${at}.json`, JSON.stringify({ label: words[label] })]], named],
  ['labels as JSON class', (at, label) => [[`${at}.json`, JSON.stringify({ class: words[label] })]], named],
  ['labels as JSON cls, numbers', (at, label) => [[`${at}.json`, JSON.stringify({ cls: label })]], halves],
  ['labels with white space', (at, label) => [[`${at}.txt`, ` ${words[label]} \r\n`]], named],
]

const shardCases = [
  ...shards.map(([name, label, expected]) => ({
    name: `a shard with ${name}`,
    async run(place) {
      const path = join(place, 'a.tar')
      await writeTar(path, await samples(label))
      same(sorted(perClass((await inspect(place, path)).report)), expected, 'images of each class')
    },
  })),
  {
    name: 'an image and its mask under one key: the image is taken',
    async run(place) {
      const path = join(place, 'a.tar')
      const mask = await picture(99, 'png')
      await writeTar(
        path,
        await samples((at, label) => [
          [`${at}.mask.png`, mask],
          [`${at}.cls`, `${label}`],
        ]),
      )
      const { report } = await inspect(place, path)
      same(perClass(report), halves, 'images of each class')
      same(report.duplicatesWithin.length + report.duplicatesAcross.length, 0, 'the same picture twice')
    },
  },
  {
    name: 'one label missing: that image alone is refused by name',
    async run(place) {
      const path = join(place, 'a.tar')
      await writeTar(path, await samples((at, label) => (at === 3 ? [] : [[`${at}.cls`, `${label}`]])))
      const { report } = await inspect(place, path)
      same(perClass(report), { 0: 4, 1: 3 }, 'images of each class')
      says(badOf(report).join(), '3.jpg', 'the list of refused images')
    },
  },
  {
    name: 'no label at all',
    async run(place) {
      const path = join(place, 'a.tar')
      await writeTar(path, await samples(() => []))
      await refuse(place, ['data', 'inspect', path], ['a.tar', /class|label/])
    },
  },
  {
    name: 'files of macOS in a shard',
    async run(place) {
      const path = join(place, 'a.tar')
      const members = await samples((at, label) => [
        [`${at}.cls`, `${label}`],
        [`._${at}.jpg`, 'x'],
        [`__MACOSX/._${at}.jpg`, 'x'],
      ])
      await writeTar(path, members)
      const { report } = await inspect(place, path)
      same(perClass(report), halves, 'images of each class')
    },
  },
  {
    name: 'a link and a device in an archive',
    async run(place) {
      const path = join(place, 'a.tar')
      const members = [
        ...(await samples((at, label) => [[`${at}.cls`, `${label}`]])),
        ['secret.jpg', { type: 'symlink', linkname: '/etc/passwd' }],
        ['tty.jpg', { type: 'character-device' }],
      ]
      await writeTar(path, members)
      const { report } = await inspect(place, path)
      same(perClass(report), halves, 'images of each class')
      says(badOf(report).join(), 'secret.jpg', 'the list of refused members')
    },
  },
  {
    name: 'names that climb out of the archive stay names',
    async run(place) {
      const path = join(place, 'a.tar')
      const members = Object.entries(await filesOf(['../../cat/0.jpg', '../../cat/1.jpg', '/dog/0.jpg', '/dog/1.jpg']))
      await writeTar(path, members)
      const { code, stderr } = await succeed(place, ['data', 'inspect', path]).catch((error) => ({
        code: 2,
        stderr: error.message,
      }))
      if (code !== 0) says(stderr, 'a.tar')
    },
  },
  {
    name: 'a gzipped archive is the plain one',
    async run(place) {
      const files = await filesOf([0, 1, 2, 3].flatMap((at) => [`cat/${at}.jpg`, `dog/${at}.jpg`]))
      await writeTar(join(place, 'a.tar'), files)
      await writeTarGz(join(place, 'b.tar.gz'), files)
      const [plain, packed] = [
        await inspect(place, join(place, 'a.tar')),
        await inspect(place, join(place, 'b.tar.gz')),
      ]
      same(perClass(packed.report), perClass(plain.report), 'images of each class')
    },
  },
]

/** Manifests: their lines, and what they must give. */
const line = (image, label, more) => JSON.stringify({ image, label, ...more })
const manifests = [
  ['one image a line', { own: named }],
  ['a byte order mark', { own: named, mark: true }],
  ['lines that end as on Windows', { own: named, ending: '\r\n' }],
  ['labels with white space', { own: named, label: (label) => ` ${label} ` }],
  ['splits train, val and test', { split: ['train', 'val', 'test'] }],
  ['splits Train, Validation and Test', { split: ['Train', 'Validation', 'Test'] }],
  ['splits train and null', { split: ['train', null, 'test'], train: true }],
  ['an empty label', { own: { cat: 4, dog: 3 }, empty: true, says: /label|class/ }],
  ['an unknown split', { unknown: true, says: /split/ }],
  ['a damaged line', { own: { cat: 4, dog: 3 }, damaged: true, says: /JSON/ }],
]

const manifestCases = manifests.map(([name, expected]) => ({
  name: `a manifest with ${name}`,
  async run(place) {
    const files = await filesOf([0, 1, 2, 3].flatMap((at) => [`c${at}.jpg`, `d${at}.jpg`]))
    writeFiles(place, files)
    const {
      own,
      mark,
      ending = '\n',
      label = (text) => text,
      split,
      empty,
      unknown,
      damaged,
      train,
      says: pattern,
    } = expected
    const lines = Object.keys(files).map((file, at) => {
      const plain = file.startsWith('c') ? 'cat' : 'dog'
      if (empty === true && file === 'd3.jpg') return line(file, '')
      if (damaged === true && file === 'd3.jpg') return '{"image": "d3.jpg", "label": '
      if (unknown === true && file === 'd3.jpg') return line(file, plain, { split: 'holdback' })
      if (split !== undefined) return line(file, plain, { split: at < 4 ? split[0] : at < 6 ? split[1] : split[2] })
      return line(file, label(plain))
    })
    const path = join(place, 'a.jsonl')
    writeFiles(place, { 'a.jsonl': `${mark === true ? '\ufeff' : ''}${lines.join(ending)}${ending}` })
    const { report, stderr } = await inspect(place, path)
    if (own !== undefined) same(sorted(perClass(report)), own, 'images of each class')
    const images = (name) => report[name]?.images
    if (split !== undefined && train !== true)
      same(['train', 'validation', 'test'].map(images), [4, 2, 2], 'images of each split')
    if (train === true) same([images('train'), images('test')], [6, 2], 'images of each split')
    if (pattern !== undefined) says(JSON.stringify(report) + stderr, pattern)
  },
}))

export const cases = [
  ...shardCases,
  ...manifestCases,
  {
    name: 'the order of lines does not change labels',
    async run(place) {
      const names = ['2', '10', '1a', 'b', '1']
      const files = await filesOf(names.flatMap((name) => [0, 1, 2].map((at) => `${name}-${at}.jpg`)))
      writeFiles(place, files)
      const lines = Object.keys(files).map((file) => line(file, file.split('-')[0]))
      const orders = []
      for (const [index, order] of [
        lines,
        [...lines].reverse(),
        [...lines].sort(),
        lines.slice(7).concat(lines.slice(0, 7)),
      ].entries()) {
        writeFiles(place, { [`${index}.jsonl`]: `${order.join('\n')}\n` })
        const { stdout } = await succeed(place, ['data', 'inspect', join(place, `${index}.jsonl`)])
        const lists = names.map((name) => [name, stdout.indexOf(`\n  ${name} `)]).sort(([, a], [, b]) => a - b)
        orders.push(lists.map(([name]) => name).join())
      }
      same(new Set(orders).size, 1, `orders of classes ${orders.join(' | ')}`)
    },
  },
]
