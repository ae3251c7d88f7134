// Files that are larger than can be, or claim more than they hold; folders without an end; servers that do not end.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { filesOf, writeTar } from './pictures.mjs'
import { refuse, same, says, succeed } from './sandbox.mjs'
import { cifarIn, idx, idxIn, trainOn } from './sets.mjs'
import { photographs, tinyRun } from './tiny-run.mjs'

export const kind = 'bombs'

const sparse = (path, bytes) => {
  writeFileSync(path, '')
  truncateSync(path, bytes)
}

const bombs = [
  {
    name: 'a JSONL line of 1 GB',
    async run(place) {
      const path = join(place, 'a.jsonl')
      sparse(path, 2 ** 30)
      await refuse(place, ['data', 'inspect', path], 'a.jsonl')
    },
  },
  {
    name: 'a tar of 1 TB of nothing',
    async run(place) {
      const path = join(place, 'a.tar')
      sparse(path, 2 ** 40)
      await refuse(place, ['data', 'inspect', path], 'a.tar')
    },
  },
  {
    name: 'a member that claims 8 GB',
    async run(place) {
      const path = join(place, 'a.tar')
      await writeTar(path, await filesOf(['cat/0.jpg', 'dog/0.jpg', 'cat/1.jpg', 'dog/1.jpg']))
      const bytes = readFileSync(path)
      bytes.write('77777777777\0', 124, 'latin1')
      let sum = 256
      for (let at = 0; at < 512; at++) if (at < 148 || at > 155) sum += bytes[at]
      bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
      writeFileSync(path, bytes)
      await refuse(place, ['data', 'inspect', path], 'a.tar')
    },
  },
  {
    name: 'a tar.gz of 3 MB that holds 3 GB',
    async run(place) {
      const path = join(place, 'a.tar.gz')
      writeFileSync(path, zeros(3 * 2 ** 30))
      await refuse(place, ['data', 'inspect', path], 'a.tar.gz', { seconds: 60 })
      const left = Number(execFileSync('du', ['-sk', place], { encoding: 'utf8' }).split('\t')[0])
      if (left > 300_000) throw new Error(`${left} kB were left behind.`)
    },
  },
  {
    name: 'an IDX gz of 4 MB that holds 4 GB, with --limit',
    async run(place) {
      const folder = await idxIn(join(place, 'digits'))
      rmSync(join(folder, 'train-images-idx3-ubyte'))
      const count = Math.floor((2 ** 31 - 1000) / 784)
      const path = join(folder, 'train-images-idx3-ubyte.gz')
      writeFileSync(path, zeros(count * 784, idx(8, [count, 28, 28], Buffer.alloc(0))))
      await refuse(place, trainOn(place, folder, '67x67x1'), /train-(images|labels)/)
    },
  },
  {
    name: 'an IDX file that claims more than it holds',
    async run(place) {
      const folder = await idxIn(join(place, 'digits'))
      writeFileSync(join(folder, 'train-images-idx3-ubyte'), idx(8, [2 ** 31, 2 ** 20, 28], Buffer.alloc(10)))
      await refuse(place, trainOn(place, folder, '67x67x1'), 'train-images')
    },
  },
  {
    name: 'a CIFAR file of 1 TB',
    async run(place) {
      const folder = await cifarIn(join(place, 'cifar'))
      sparse(join(folder, 'data_batch_2.bin'), 3073 * 2 ** 28)
      await refuse(place, trainOn(place, folder), 'data_batch_2.bin')
    },
  },
  {
    name: 'a config.json of 1 GB',
    async run(place, shared) {
      const { run, data } = await tinyRun(place, shared)
      sparse(join(run, 'config.json'), 2 ** 30)
      await refuse(place, ['predict', run, join(data, 'apple', '0.jpg')], run)
    },
  },
  {
    name: 'a config.json that is nested deep',
    async run(place, shared) {
      const { run, data } = await tinyRun(place, shared)
      writeFileSync(join(run, 'config.json'), '{"a":'.repeat(2e6))
      await refuse(place, ['predict', run, join(data, 'apple', '0.jpg')], run)
    },
  },
  {
    name: 'folders that link to each other, 24 deep',
    async run(place) {
      const folder = await photographs(join(place, 'fruit'))
      for (let depth = 0; depth < 24; depth++) {
        const here = join(place, `level-${depth}`)
        mkdirSync(here)
        for (const name of ['left', 'right']) symlinkSync(join(place, `level-${depth + 1}`), join(here, name))
      }
      mkdirSync(join(place, 'level-24'))
      symlinkSync(join(place, 'level-0'), join(folder, 'apple', 'more'))
      const { stdout } = await succeed(place, ['data', 'inspect', folder, '--json'], { seconds: 20 })
      const { train, validation } = JSON.parse(stdout)
      same(train.images + validation.images, 10, 'images')
    },
  },
  {
    name: 'a link to the processes of the system',
    async run(place) {
      const folder = await photographs(join(place, 'fruit'))
      symlinkSync('/proc/self', join(folder, 'apple', 'self'))
      const { stdout } = await succeed(place, ['data', 'inspect', folder, '--json'], { seconds: 20 })
      const { train, validation } = JSON.parse(stdout)
      same(train.images + validation.images, 10, 'images')
    },
  },
  {
    name: 'a cache folder that cannot be made',
    async run(place) {
      const path = join(place, 'a.tar.gz')
      await writeTar(join(place, 'a.tar'), await filesOf(['cat/0.jpg', 'dog/0.jpg']))
      writeFileSync(path, gzipSync(readFileSync(join(place, 'a.tar'))))
      await refuse(place, ['data', 'inspect', path], /cache|proc/, { env: { CONVZOO_CACHE: '/proc/x' } })
    },
  },
]

/** A gzip file of zeros behind a start, made without holding them: one block of a megabyte, again and again. */
function zeros(length, start = Buffer.alloc(0)) {
  const million = 2 ** 20
  const parts = [Buffer.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255), stored(start)]
  const block = deflateRawSync(Buffer.alloc(million), { finishFlush: 3, level: 9 })
  for (let left = length; left > 0; left -= million) {
    parts.push(left >= million ? block : deflateRawSync(Buffer.alloc(left), { finishFlush: 3 }))
  }
  // An empty last block; the sum is wrong, as it may be in a bomb.
  parts.push(Buffer.of(3, 0), Buffer.alloc(8))
  return Buffer.concat(parts)
}

const stored = (bytes) => (bytes.length === 0 ? bytes : deflateRawSync(bytes, { finishFlush: 3 }))

/** Serves one answer after another. */
async function serve(answers) {
  let asked = 0
  const server = createServer((_, response) => answers[Math.min(asked++, answers.length - 1)](response))
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${server.address().port}/a.tar`,
    close: () => server.closeAllConnections() ?? server.close(),
  }
}

const network = [
  {
    name: 'a server that drips a byte a second',
    async run(place) {
      const timers = []
      const { url, close } = await serve([
        (response) => {
          response.writeHead(200, { 'content-length': 1e6 })
          timers.push(setInterval(() => response.write('x'), 1000))
        },
      ])
      try {
        await refuse(place, ['data', 'inspect', url], url, { seconds: 90 })
      } finally {
        for (const timer of timers) clearInterval(timer)
        close()
      }
    },
  },
  {
    name: 'redirects without an end',
    async run(place) {
      const { url, close } = await serve([(response) => response.writeHead(302, { location: '/a.tar' }).end()])
      try {
        await refuse(place, ['data', 'inspect', url], url)
      } finally {
        close()
      }
    },
  },
  {
    name: 'a stale copy used after a 500 says so',
    async run(place) {
      await writeTar(
        join(place, 'a.tar'),
        await filesOf([0, 1, 2, 3].flatMap((at) => [`cat/${at}.jpg`, `dog/${at}.jpg`])),
      )
      const bytes = readFileSync(join(place, 'a.tar'))
      const { url, close } = await serve([
        (response) => response.writeHead(200, { 'content-length': bytes.length }).end(bytes),
        (response) => response.writeHead(500).end(),
      ])
      try {
        await succeed(place, ['data', 'inspect', url])
        const { stderr } = await succeed(place, ['data', 'inspect', url])
        says(stderr, /500/, 'stderr')
      } finally {
        close()
      }
    },
  },
]

export const cases = [...bombs, ...network]
