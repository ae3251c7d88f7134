// The built packages as a program finds them: every entry that a package exports, by the name that is imported.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

export { describeValue } from '../../packages/core/dist/define.js'
export { ConvzooError } from '../../packages/core/dist/index.js'

const packages = fileURLToPath(new URL('../../packages', import.meta.url))

/** The entries of all packages: the name that is imported, the package's folder, and the built file. */
export const entries = readdirSync(packages).flatMap((folder) => {
  const { name, exports = {} } = JSON.parse(readFileSync(join(packages, folder, 'package.json'), 'utf8'))
  return Object.entries(exports).flatMap(([path, { default: file }]) =>
    file === undefined
      ? []
      : [{ entry: name + path.slice(1), folder: join(packages, folder), file: join(packages, folder, file) }],
  )
})

/** What an entry exports. */
export const load = (entry) => {
  const found = entries.find((each) => each.entry === entry)
  if (found === undefined) throw new Error(`No package exports ${entry}.`)
  return import(pathToFileURL(found.file).href)
}
