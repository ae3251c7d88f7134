// Things that are no regular file, in the place of every file that is read.
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { refuse, same, succeed } from './sandbox.mjs'
import { cifarIn, idxIn, trainOn } from './sets.mjs'
import { photographs, tinyRun } from './tiny-run.mjs'

export const kind = 'readers'

/** Things that are no regular file. */
const strange = {
  'a pipe': (path) => execFileSync('mkfifo', [path]),
  'a device without an end': (path) => symlinkSync('/dev/zero', path),
  'a folder': (path) => mkdirSync(path),
  'a link to itself': (path) => symlinkSync(path, path),
  'a link to nothing': (path) => symlinkSync(`${path}.gone`, path),
}

/** Sources of a single file, by its name. */
const sources = ['a.tar', 'a.tar.gz', 'a.tgz', 'a.jsonl']

export const cases = Object.entries(strange).flatMap(([what, make]) => [
  ...sources.map((name) => ({
    name: `${what} as ${name}`,
    async run(place) {
      make(join(place, name))
      await refuse(place, ['data', 'inspect', join(place, name)], name)
    },
  })),
  ...['data_batch_3.bin', 'test_batch.bin'].map((name) => ({
    name: `${what} as CIFAR's ${name}`,
    async run(place) {
      const folder = await cifarIn(join(place, 'cifar'))
      rmSync(join(folder, name))
      make(join(folder, name))
      await refuse(place, trainOn(place, folder), name)
    },
  })),
  ...['train-images-idx3-ubyte', 't10k-images-idx3-ubyte'].map((name) => ({
    name: `${what} as MNIST's ${name}`,
    async run(place) {
      const folder = await idxIn(join(place, 'digits'))
      rmSync(join(folder, name))
      make(join(folder, name))
      await refuse(place, trainOn(place, folder, '67x67x1'), name)
    },
  })),
  ...['config.json', 'weights.safetensors'].map((name) => ({
    name: `${what} as a run's ${name}`,
    async run(place, shared) {
      const { run, data } = await tinyRun(place, shared)
      rmSync(join(run, 'checkpoints'), { recursive: true })
      rmSync(join(run, name))
      make(join(run, name))
      await refuse(place, ['predict', run, join(data, 'apple', '0.jpg')], run)
    },
  })),
  {
    name: `${what} as a run's metrics`,
    async run(place, shared) {
      const { run } = await tinyRun(place, shared)
      rmSync(join(run, 'metrics.jsonl'))
      make(join(run, 'metrics.jsonl'))
      if (what === 'a link to nothing') return
      await refuse(place, ['train', '--resume', run, '--epochs', '3'], 'metrics.jsonl')
    },
  },
  {
    name: `${what} among photographs`,
    async run(place) {
      const folder = await photographs(join(place, 'fruit'))
      make(join(folder, 'apple', 'odd.jpg'))
      const { stdout } = await succeed(place, ['data', 'inspect', folder, '--json'])
      same(JSON.parse(stdout).train.images + JSON.parse(stdout).validation.images, 10, 'images')
    },
  },
])
