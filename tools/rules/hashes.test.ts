import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { readManifest } from './manifest.js'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** turbo hashes every file of a package that the root depends on into every task: one comment in it, and all is built again. */
it('the root depends on no package of this repository but the command', () => {
  const { dependencies = {}, devDependencies = {} } = readManifest(root)
  const own = Object.entries({ ...dependencies, ...devDependencies }).filter(([, version]) =>
    /^(?:workspace|link|file):/.test(version),
  )
  expect(own.map(([name]) => name)).toEqual(['@convzoo/command'])
  const files = readdirSync(join(root, 'tools/command')).filter((name) => name !== 'node_modules')
  expect(files.toSorted()).toEqual(['convzoo.mjs', 'package.json'])
})
