import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { ConvzooError } from '@convzoo/core'

export interface OwnFileOptions {
  /** The package that brings the file, in its folder `dist`. */
  readonly packageName: string
  /** `import.meta.url` of the module that asks, which a bundler may have left empty. */
  readonly from: string | undefined
}

/**
 * Where a file of a package is that is loaded by its path, such as a worker thread: beside the module that asks, or, where a bundler has
 * put that module somewhere else, in the package as it is installed there.
 *
 * @throws ConvzooError of kind `file` if it is in neither place, which says what to tell the bundler.
 * @example
 * const path = ownFile('onnx-worker.js', { packageName: '@convzoo/engine-onnx', from: import.meta.url })
 */
export function ownFile(name: string, { packageName, from }: OwnFileOptions): string {
  // Some bundlers keep the address that a module had where it was built.
  const program = pathToFileURL(process.argv[1] ?? join(process.cwd(), 'program')).href
  const places = [...new Set([from ?? program, program])]
  for (const place of places) {
    for (const path of [besides(name, place), installed(name, packageName, place)]) {
      if (path !== undefined && existsSync(path)) return path
    }
  }
  throw new ConvzooError({
    kind: 'file',
    message: `The file ${name} of ${packageName} is not found, as happens to a program that was bundled into one file.`,
    expected: `${packageName} in a node_modules folder of the program`,
    received: places.map((place) => dirname(fileURLToPath(place))).join(', '),
    hint: `npm install ${packageName} there and leave it out of the bundle (esbuild --external:${packageName}; the same word, external, in Rollup, Vite and webpack)`,
  })
}

const besides = (name: string, place: string): string => fileURLToPath(new URL(`./${name}`, place))

function installed(name: string, packageName: string, place: string): string | undefined {
  try {
    return join(dirname(createRequire(place).resolve(`${packageName}/package.json`)), 'dist', name)
  } catch {
    return undefined
  }
}
