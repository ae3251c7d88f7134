import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { pngOf } from '@convzoo/visualize'
import { installTinyNetwork } from '../../../../tools/tiny-network.js'
import { bringPlugins, type RunConfig } from '../index.js'

/**
 * A folder for runs, with pictures to train on in `flowers/<class>/` and a program that brings the network `tiny` along. Engines are those
 * that this package has for its tests.
 */
export class Project implements Disposable {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'convzoo-run-')))

  constructor() {
    installTinyNetwork(this.folder)
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
  optimizer: { name: 'sgdw', learningRate: 0.05 },
  schedule: 'constant',
  engine: { name: 'onnx', device: 'cpu', threads: 1 },
  ...more,
  training: { epochs: 2, batchSize: 4, ...more.training },
})
