import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bringPlugins, train } from '@convzoo/run'
import { pngOf } from '@convzoo/visualize'
import { installTinyNetwork } from '../../../../tools/tiny-network.js'

const classes = ['rose', 'tulip']

/** A folder with a run of the network `tiny` on photographs of flowers, and these. */
export class Project implements Disposable {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'convzoo-serve-')))
  readonly run = this.path('run')
  /** Paths of the photographs. */
  readonly pictures: string[] = []

  constructor() {
    installTinyNetwork(this.folder)
    bringPlugins(pathToFileURL(this.path('program.mjs')).href)
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  /** The bytes of a photograph. */
  picture(index: number): Buffer<ArrayBuffer> {
    return Buffer.from(new Uint8Array(readFileSync(this.pictures[index] ?? '')).buffer)
  }

  /** Makes photographs and trains on them. */
  async train(): Promise<void> {
    for (const [label, name] of classes.entries()) {
      for (let index = 0; index < 5; index++) {
        const colour = `hsl(${label * 120 + index * 7}, 60%, ${40 + index * 3}%)`
        const stripes = Array.from({ length: index + 1 }, (_, at) => `<rect x="${2 * at}" width="1" height="20"/>`)
        const size = `width="${24 + index}" height="20"`
        const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${size}><rect ${size} fill="${colour}"/>${stripes.join('')}</svg>`
        const path = this.path(`flowers/${name}/${index}.png`)
        mkdirSync(dirname(path), { recursive: true })
        writeFileSync(path, await pngOf(svg))
        this.pictures.push(path)
      }
    }
    const config = {
      network: 'tiny',
      data: { source: this.path('flowers'), augment: 'none', workers: 1 },
      optimizer: { name: 'sgdw', learningRate: 0.05 },
      schedule: 'constant',
      engine,
      training: { epochs: 2, batchSize: 4 },
    }
    await train(config, { folder: this.run, onWarning: () => undefined })
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 9 })
  }
}

/** What the tests compute on. */
export const engine = { name: 'onnx', device: 'cpu', threads: 1 } as const
