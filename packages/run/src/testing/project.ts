import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { pngOf } from '@convzoo/visualize'
import { bringPlugins, type RunConfig } from '../index.js'

/** A network of a few hundred weights, with dropout, so that a run depends on its seed. */
const tiny = `
  import { conv2d, dense, dropout, flatten, register } from '@convzoo/core'
  register({
    specification: 'architecture/v1',
    package: { name: 'convzoo-tiny', version: '1.2.3' },
    name: 'tiny',
    title: 'A tiny network',
    paper: { title: 'Tiny', authors: ['A. Author'], year: 2000, url: 'https://example.org/' },
    tags: {
      only: {
        defaults: { input: [8, 8, 3], classes: 2 },
        preprocessing: { resize: 'bilinear', mean: [0.5, 0.5, 0.5], standardDeviation: [0.25, 0.25, 0.25] },
        build: ({ input, classes }) => {
          const x = flatten()(conv2d({ filters: 4, kernelSize: 3, strides: 2, activation: 'relu' })(input))
          return dense({ units: classes, activation: 'softmax' })(dropout({ rate: 0.2 })(x))
        },
      },
    },
  })
`

const folderOf = (name: string): string => dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))

/**
 * A folder for runs, with pictures to train on in `flowers/<class>/` and a program that brings the network `tiny` along. Engines are those
 * that this package has for its tests.
 */
export class Project implements Disposable {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'convzoo-run-')))

  constructor() {
    this.write('package.json', JSON.stringify({ name: 'program', dependencies: { 'convzoo-tiny': '*' } }))
    const manifest = { name: 'convzoo-tiny', version: '1.2.3', type: 'module', exports: './main.js' }
    const provides = { convzoo: { 'architecture/v1': ['tiny'] } }
    this.write('node_modules/convzoo-tiny/package.json', JSON.stringify({ ...manifest, ...provides }))
    this.write('node_modules/convzoo-tiny/main.js', tiny)
    mkdirSync(this.path('node_modules/@convzoo'))
    symlinkSync(folderOf('@convzoo/core'), this.path('node_modules/@convzoo/core'), 'junction')
    bringPlugins(pathToFileURL(this.path('program.mjs')).href)
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  write(name: string, content: string | Buffer): void {
    mkdirSync(dirname(this.path(name)), { recursive: true })
    writeFileSync(this.path(name), content)
  }

  /** Makes so many pictures of each class, each of a colour and a number of stripes of its own; gives the folder. */
  async pictures({ count = 5, classes = ['rose', 'tulip'], into = 'flowers' } = {}): Promise<string> {
    for (const [label, name] of classes.entries()) {
      for (let index = 0; index < count; index++) {
        const colour = `hsl(${label * 120 + index * 7}, 60%, ${40 + index * 3}%)`
        const stripes = Array.from({ length: index + 1 }, (_, at) => `<rect x="${2 * at}" width="1" height="20"/>`)
        const size = 'width="24" height="20"'
        const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${size}><rect ${size} fill="${colour}"/>${stripes.join('')}</svg>`
        this.write(`${into}/${name}/${index}.png`, Buffer.from(await pngOf(svg)))
      }
    }
    return this.path(into)
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 9 })
  }
}

/** The smallest run on pictures: two steps an epoch, on one thread. */
export const tinyConfig = (data: string, more: Partial<RunConfig> = {}): RunConfig => ({
  network: 'tiny',
  data: { source: data, augment: 'none', workers: 1 },
  optimizer: { learningRate: 0.05 },
  engine: { name: 'onnx', device: 'cpu', threads: 1 },
  ...more,
  training: { epochs: 2, batchSize: 4, ...more.training },
})
