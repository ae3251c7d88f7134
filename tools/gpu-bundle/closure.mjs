// What a few packages of this checkout need where they run: their files and those of everything that they depend on, in pnpm's own layout,
// whose links are relative.
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'

/** What is read by people and compilers, and what is for other systems. */
const leftOut = [
  /\.(?:map|md|markdown|flow|tsbuildinfo)$/,
  /\.d\.[cm]?ts$/,
  /onnxruntime-node\/bin\/napi-v\d+\/(?!linux\/x64\/)/,
  /tfjs-(?:core|backend-\w+)\/dist\/(?!tf-[\w-]+\.node\.js$|index\.js$).*_test\.js$/,
]

const isLeftOut = (path) => leftOut.some((pattern) => pattern.test(path.split(sep).join('/')))

/** All files of a folder but those of packages that were installed in it. */
function filesOf(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.name === 'node_modules') return []
    if (entry.isDirectory()) return filesOf(path)
    return entry.isFile() && !isLeftOut(path) ? [path] : []
  })
}

/** The link or folder by which Node would find a package from a folder, not above the checkout. */
function placeOf(name, from, root) {
  for (let at = from; ; at = dirname(at)) {
    const place = join(at, 'node_modules', name)
    if (existsSync(join(place, 'package.json'))) return place
    if (at === root) return undefined
  }
}

/** Names of what a package needs. Of the peers that it can do without, those that it is given. */
function neededBy({ dependencies, optionalDependencies, peerDependencies = {}, peerDependenciesMeta = {} }, isGiven) {
  const peers = Object.keys(peerDependencies).filter(
    (name) => peerDependenciesMeta[name]?.optional !== true || isGiven(name),
  )
  return [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers]
}

/**
 * Files and links that packages need, by their paths below the root of the checkout.
 *
 * @param roots Folders of packages, below the root.
 */
export function closureOf(root, roots) {
  const files = new Set()
  const links = new Map()
  const seen = new Set()
  const asked = roots.map((path) => realpathSync(join(root, path)))
  const waiting = [...asked]
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    if (seen.has(folder)) continue
    seen.add(folder)
    const isInstalled = folder.split(sep).includes('node_modules')
    const own = isInstalled ? filesOf(folder) : [join(folder, 'package.json'), ...filesOf(join(folder, 'dist'))]
    for (const file of own) files.add(relative(root, file))
    // What npm's packages find beside them is there for them; of ours, what is asked for.
    const isGiven = (name) => {
      const place = placeOf(name, folder, root)
      return place !== undefined && (isInstalled || asked.includes(realpathSync(place)))
    }
    for (const name of neededBy(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')), isGiven)) {
      const place = placeOf(name, folder, root)
      // What is optional, and for another system, is not installed.
      if (place === undefined || /musl/.test(name)) continue
      if (lstatSync(place).isSymbolicLink()) links.set(relative(root, place), readlinkSync(place))
      waiting.push(realpathSync(place))
    }
  }
  return { files: [...files].sort(), links }
}
