import { createRequire } from 'node:module'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const root = join(import.meta.dirname, '..')
const { build } = createRequire(join(root, 'packages/plugins/package.json'))('esbuild')

/** A page that trains NIN. */
const page = `
import { createModel, sgdw } from '@convzoo/core'
import { tfjs } from '@convzoo/engine-tfjs/browser'
import { nin } from '@convzoo/nin'
import { Trainer } from '@convzoo/trainer/browser'
const model = createModel(nin, { input: [67, 67, 1], classes: 10 })
globalThis.trainer = new Trainer({ model, engine: tfjs(), optimizer: sgdw({ weightDecay: 5e-4, momentum: 0.9 }) })
`

/**
 * Kilobytes, gzipped, of what a browser loads of a page that trains.
 *
 * @throws where a module of Node.js is reached.
 */
export async function browserBundle() {
  const { outputFiles } = await build({
    // Where all four packages can be found.
    stdin: { contents: page, resolveDir: join(root, 'apps/cli') },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    minify: true,
    logLevel: 'error',
  })
  return gzipSync(outputFiles[0].contents, { level: 9 }).length / 1000
}
