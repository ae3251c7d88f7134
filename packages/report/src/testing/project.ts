import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { bringPlugins, type RunConfig, type TrainOptions, train } from '@convzoo/run'
import { pngOf } from '@convzoo/visualize'
import { installTinyNetwork } from '../../../../tools/tiny-network.js'
import type { PageData } from '../page/page-data.js'

/** A folder for runs of the network `tiny`, in a project that has this package installed, too. */
export class Project implements Disposable {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'convzoo-report-')))

  constructor() {
    installTinyNetwork(this.folder)
    const own = fileURLToPath(new URL('../..', import.meta.url))
    symlinkSync(own, this.path('node_modules/@convzoo/report'), 'junction')
    writeFileSync(
      this.path('package.json'),
      '{ "name": "program", "dependencies": { "convzoo-tiny": "*", "@convzoo/report": "*" } }',
    )
    bringPlugins(pathToFileURL(this.path('program.mjs')).href)
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  /** Makes a few pictures of each class, each of a colour of its own; gives their folder. */
  async pictures(classes: readonly string[], into = 'pictures'): Promise<string> {
    for (const [label, name] of classes.entries()) {
      for (let index = 0; index < 5; index++) {
        const size = 'width="12" height="10"'
        const fill = `hsl(${label * 120 + index * 7}, 60%, ${40 + index * 3}%)`
        const path = this.path(`${into}/${name}/${index}.png`)
        mkdirSync(dirname(path), { recursive: true })
        writeFileSync(
          path,
          await pngOf(`<svg xmlns="http://www.w3.org/2000/svg" ${size}><rect ${size} fill="${fill}"/></svg>`),
        )
      }
    }
    return this.path(into)
  }

  train(source: string, folder: string, more: Partial<RunConfig> = {}, options: TrainOptions = {}) {
    const config: RunConfig = {
      network: 'tiny',
      data: { source, augment: 'none', workers: 1 },
      optimizer: { name: 'sgdw', learningRate: 0.05 },
      schedule: 'constant',
      engine: { name: 'onnx', device: 'cpu', threads: 1 },
      training: { epochs: 2, batchSize: 4 },
      ...more,
    }
    return train(config, { folder, onWarning: () => undefined, ...options })
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 9 })
  }
}

/** What a page holds. */
export function dataOf(html: string): PageData {
  const [, json = ''] = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html) ?? []
  return JSON.parse(json)
}

/** The records of a run. */
export const metricsOf = (folder: string): readonly Record<string, unknown>[] =>
  readFileSync(join(folder, 'metrics.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
