import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'

const root = dirname(import.meta.dirname)

/** Where a package is: one of this workspace, or what the folder beside which it is used has installed. */
function placeOf(name, beside) {
  for (const folder of readdirSync(join(root, 'packages'))) {
    const path = join(root, 'packages', folder)
    if (JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')).name === name) return path
  }
  const found = [beside, root].map((place) => join(place, 'node_modules', name)).find(existsSync)
  if (found === undefined) throw new Error(`${name} is not installed here.`)
  return realpathSync(found)
}

/** Gives a folder, as `npm install` would, what its package.json lists for development: links to this workspace's packages and tools. */
export function linkPackages(folder) {
  const { devDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  // The kit and its user must run in one vitest.
  const beside = join(root, 'packages/plugin-kit')
  for (const name of Object.keys(devDependencies)) {
    const link = join(folder, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(placeOf(name, beside), link, 'junction')
  }
}
