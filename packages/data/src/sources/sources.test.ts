import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imageDataset } from '../index.js'
import { archive } from '../testing/archives.js'
import { photograph, temporaryFolder, writeFiles } from '../testing/folders.js'
import { imageFolder } from './image-folder.js'
import { manifest } from './manifest.js'
import { expandBraces, tarShards } from './tar-shards.js'

const folder = temporaryFolder(afterAll)
process.env.CONVZOO_CACHE = join(folder, 'cache')

let image: Buffer = Buffer.alloc(0)
beforeAll(async () => {
  image = await photograph(40, 30)
})

describe('an image folder', () => {
  const files = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, image]))

  it('is divided by its folders train and val', async () => {
    const root = join(folder, 'parted')
    writeFiles(root, files(['train/b/1.jpg', 'train/a/2.JPEG', 'val/a/3.png', 'val/unknown/4.jpg', 'README.txt']))
    const { train, validation } = await imageFolder(root)
    expect(train.classes).toEqual(['a', 'b'])
    expect(train.images.map(({ name, label }) => [name, label])).toEqual([
      ['a/2.JPEG', 0],
      ['b/1.jpg', 1],
    ])
    expect(validation?.images.map(({ name }) => name)).toEqual(['a/3.png'])
    expect(validation?.refused).toEqual([{ name: 'unknown/4.jpg', reason: 'a label outside the classes: unknown' }])
  })

  it('without such folders is split by a seed, of every class the same part, without overlap', async () => {
    const root = join(folder, 'whole')
    const names = ['a', 'b'].flatMap((label) =>
      Array.from({ length: label === 'a' ? 20 : 5 }, (_, n) => `${label}/${n}.jpg`),
    )
    writeFiles(root, Object.fromEntries(names.map((name) => [name, `picture ${name}`])))
    const namesOf = async (splitSeed: number) => {
      const { train, validation } = await imageFolder(root, { splitSeed })
      return {
        train: train.images.map(({ name }) => name),
        validation: validation?.images.map(({ name }) => name) ?? [],
      }
    }
    const { train, validation } = await namesOf(1)
    expect(validation.filter((name) => name.startsWith('a')).length).toBe(4)
    expect(validation.filter((name) => name.startsWith('b')).length).toBe(1)
    expect([...train, ...validation].sort()).toEqual([...names].sort())
    expect(await namesOf(1)).toEqual({ train, validation })
    expect(await namesOf(2)).not.toEqual({ train, validation })
  })

  it('that is not there, or holds no class, is an error that says what would do', async () => {
    await expect(imageFolder(join(folder, 'nowhere'))).rejects.toThrow(/nowhere cannot be read[\s\S]*no such file/)
    writeFiles(join(folder, 'flat'), files(['1.jpg']))
    await expect(imageFolder(join(folder, 'flat'))).rejects.toThrow(/flat does not say which of its pictures/)
    writeFiles(join(folder, 'texts'), { 'a/1.txt': 'one', 'b/2.txt': 'two' })
    await expect(imageFolder(join(folder, 'texts'))).rejects.toThrow(/holds no class with an image/)
  })
})

describe('a manifest', () => {
  it('names images, classes and splits, and says which lines are wrong', async () => {
    const root = join(folder, 'manifest')
    writeFiles(root, {
      'images/1.jpg': image,
      'images.jsonl': [
        '{"image": "images/1.jpg", "label": "cat", "split": "train"}',
        '{"image": "images/2.jpg", "label": 7, "split": "train"}',
        '{"image": "images/3.jpg", "label": "cat", "split": "validation"}',
        '{"image": "images/4.jpg", "label": "dog", "split": "validation"}',
        'nonsense',
        '{"label": "cat"}',
        '{"image": "x.jpg", "label": "cat", "split": "exam"}',
      ].join('\n'),
    })
    const { train, validation } = await manifest(join(root, 'images.jsonl'))
    expect(train.classes).toEqual(['7', 'cat'])
    expect(train.images.map(({ path, label }) => [path, label])).toEqual([
      [join(root, 'images/1.jpg'), 1],
      [join(root, 'images/2.jpg'), 0],
    ])
    expect(train.refused.map(({ name, reason }) => `${name} ${reason}`)).toEqual([
      'images.jsonl:5 not JSON',
      'images.jsonl:6 without a path in "image"',
      'images.jsonl:7 a split that is none of train, val and test: "exam"',
    ])
    expect(validation?.refused).toEqual([{ name: 'images/4.jpg', reason: 'a label outside the classes: dog' }])
    await expect(manifest(join(root, 'missing.jsonl'))).rejects.toThrow(/missing.jsonl cannot be read/)
  })
})

describe('tar shards', () => {
  const shard = () =>
    archive([
      [{ name: '0001.jpg' }, image],
      [{ name: '0001.cls' }, '1\n'],
      [{ name: '0002.cls' }, '0'],
      [{ name: '0002.jpg' }, image],
      [{ name: '0003.jpg' }, image],
      [{ name: '0003.json' }, '{"label": 0, "width": 40}'],
      [{ name: 'bird/0004.jpg' }, image],
      [{ name: '0005.jpg' }, image],
      [{ name: '0005.cls' }, '99999999'],
      [{ name: '0006.cls' }, '1'],
      [{ name: '../../outside.jpg' }, image],
      [{ name: 'link.jpg', type: 'symlink', linkname: '/etc/passwd' }],
    ])

  it('give images with the labels beside them, wherever their names point', async () => {
    const path = join(folder, 'one.tar')
    writeFiles(folder, { 'one.tar': await shard() })
    const { train } = await tarShards(path, { validationSplit: 0 })
    expect(train.classes).toEqual(['0', '1'])
    expect(train.images.map(({ name, label }) => `${name} ${train.classes[label]}`)).toEqual([
      'one.tar/0001.jpg 1',
      'one.tar/0002.jpg 0',
      'one.tar/0003.jpg 0',
    ])
    expect(train.images.every((each) => each.path === path)).toBe(true)
    expect(train.refused).toEqual([
      { name: 'one.tar/../../outside.jpg', reason: 'a name that leads out of the archive' },
      { name: 'one.tar/link.jpg', reason: 'a symlink in an archive' },
      { name: 'one.tar/bird/0004.jpg', reason: 'without a label: no .cls, .json or .txt beside it says a class' },
      { name: 'one.tar/0006.cls', reason: 'a label without an image' },
      { name: 'one.tar/0005.jpg', reason: 'a label outside the classes: 99999999' },
    ])
  })

  it('take names of classes, gzip and braces; a shard that ends early gives what it has', async () => {
    const whole = await shard()
    writeFiles(folder, {
      's-00.tar.gz': gzipSync(whole),
      's-01.tar.gz': gzipSync(whole.subarray(0, whole.length >> 1)),
    })
    const { train } = await tarShards(join(folder, 's-{00..01}.tar.gz'), {
      classes: ['cat', 'dog'],
      validationSplit: 0,
    })
    expect(train.classes).toEqual(['cat', 'dog'])
    expect(train.images.filter(({ label }) => label === 1).length).toBe(2)
    expect(train.refused.map(({ reason }) => reason)).toContainEqual(expect.stringContaining('ends too early'))
    expect(expandBraces('a{8..10}b{0..1}')).toEqual(['a8b0', 'a8b1', 'a9b0', 'a9b1', 'a10b0', 'a10b1'])
  })

  it.each(['a{3..1}.tar', 'a{0..100000}.tar', '{0..99999}{0..99999}.tar', '{0..9}{0..999}{0..99}.tar'])(
    'and braces that stand for too many or for none are refused before they are written out: %s',
    (pattern) => {
      expect(() => expandBraces(pattern)).toThrow(/no sensible number of shards/)
    },
  )

  describe('over http', () => {
    let base = ''
    const answers: Record<string, RequestListener> = {}
    const asked: string[] = []
    const server = createServer((request, response) => {
      asked.push(`${request.url} ${request.headers['if-none-match'] ?? ''}`.trim())
      const answer = answers[request.url ?? '']
      if (answer === undefined) response.writeHead(404).end()
      else answer(request, response)
    })
    beforeAll(async () => {
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
      base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    })
    afterAll(() => server.close())

    it('are fetched once, asked for again only if changed, and serve without the server', async () => {
      const contents = await shard()
      answers['/a.tar'] = (request, response) => {
        if (request.headers['if-none-match'] === '"1"') response.writeHead(304).end()
        else response.writeHead(200, { etag: '"1"', 'content-length': contents.length }).end(contents)
      }
      const progress: number[] = []
      const warnings: string[] = []
      const load = () =>
        tarShards(`${base}/a.tar`, {
          validationSplit: 0,
          onProgress: ({ received }) => progress.push(received),
          onWarning: (line) => warnings.push(line),
        })
      const { train } = await load()
      expect(progress.at(-1)).toBe(contents.length)
      await load()
      expect(asked.filter((line) => line.startsWith('/a.tar'))).toEqual(['/a.tar', '/a.tar "1"'])
      answers['/a.tar'] = (_, response) => response.writeHead(500).end()
      expect(warnings).toEqual([])
      expect((await load()).train.images).toEqual(train.images)
      expect(warnings).toEqual([expect.stringContaining('the server answers 500')])
      const listing = { ...train, images: train.images.slice(0, 2), refused: [] }
      expect(imageDataset(listing, { imageShape: [8, 8, 3] }).length).toBe(2)
    })

    it.each([
      [
        'that lead in a circle',
        (_: unknown, response: Parameters<RequestListener>[1]) => response.writeHead(302, { location: '/b.tar' }).end(),
        /more than 5 redirects/,
      ],
      [
        'to a file',
        (_: unknown, response: Parameters<RequestListener>[1]) =>
          response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
        /a redirect to file:/,
      ],
      [
        'of an absurd size',
        (_: unknown, response: Parameters<RequestListener>[1]) =>
          response.writeHead(200, { 'content-length': 2 ** 40 }).end(),
        /more than 68719476736/,
      ],
      [
        'that end early',
        (_: unknown, response: Parameters<RequestListener>[1]) => {
          response.writeHead(200, { 'content-length': 1000 })
          response.write('x')
          response.destroy()
        },
        /cannot be fetched/,
      ],
      [
        'that are not there',
        (_: unknown, response: Parameters<RequestListener>[1]) => response.writeHead(404).end(),
        /answers 404/,
      ],
    ] satisfies readonly (readonly [string, RequestListener, RegExp])[])(
      'refuse answers %s',
      async (_, answer, message) => {
        answers['/b.tar'] = answer
        await expect(tarShards(`${base}/b.tar`)).rejects.toThrow(message)
      },
    )
  })
})
