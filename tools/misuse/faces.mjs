// The option faces of all packages: what `src/options.test.ts` of each says of its functions, which is the one list of how they are
// called rightly. The test files are read as they are, with the built packages in the place of the sources that they test.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { entries, load } from './library.mjs'

const folders = [...new Set(entries.map(({ folder }) => folder))]
/** Those that train a run first are not read: `runs.mjs` calls what they call. */
const isRead = (path) => existsSync(path) && !readFileSync(path, 'utf8').includes('beforeAll(')
const tests = folders.map((folder) => join(folder, 'src/options.test.ts')).filter(isRead)
const { build } = createRequire(
  join(
    folders.find((folder) => folder.endsWith('plugins')),
    'package.json',
  ),
)('esbuild')

const virtual = {
  face: 'export const faces = []\nexport const describeOptions = (entry, face) => faces.push({ entry, ...face })',
  // What else the files test is not asked for here.
  vitest:
    'export const describe = () => undefined\nexport const it = () => undefined\nexport const expect = () => undefined',
}

/** The built file of what a test imports by a relative path; undefined for what only tests have. */
function builtOf(importer, path) {
  const folder = folders.find((each) => importer.startsWith(each + sep))
  if (path.includes('/testing/')) return undefined
  const own = join(folder, 'dist', basename(path))
  const isEntry = entries.some(({ file }) => file === own)
  const source = join(dirname(importer), path.replace(/\.js$/, '.ts'))
  if (!existsSync(source)) throw new Error(`${importer} imports ${path}, which there is not.`)
  return isEntry ? own : join(folder, 'dist/index.js')
}

/** A built file whose functions are heard of when they are called. */
async function spied(path) {
  const { href } = pathToFileURL(path)
  const names = Object.keys(await import(href))
  return {
    contents: [
      `import * as real from ${JSON.stringify(href)}`,
      `import { spied } from ${JSON.stringify(spies)}`,
      ...names.map((name) => `export const ${name} = spied(real.${name}, ${JSON.stringify(name)})`),
    ].join('\n'),
  }
}

const spies = new URL('./spies.mjs', import.meta.url).href

const plugin = {
  name: 'built packages',
  setup(bundle) {
    bundle.onResolve({ filter: /option-face\.js$/ }, () => ({ path: 'face', namespace: 'virtual' }))
    bundle.onResolve({ filter: /^faces$/ }, () => ({ path: 'face', namespace: 'virtual' }))
    bundle.onResolve({ filter: /^vitest$/ }, () => ({ path: 'vitest', namespace: 'virtual' }))
    bundle.onResolve({ filter: /^file:/ }, ({ path }) => ({ path, external: true }))
    bundle.onResolve({ filter: /^@convzoo\// }, ({ path }) => ({
      path: entries.find(({ entry }) => entry === path).file,
      namespace: 'spied',
    }))
    bundle.onResolve({ filter: /^\.{1,2}\// }, ({ path, importer }) => {
      const built = builtOf(importer, path)
      return built === undefined ? undefined : { path: built, namespace: 'spied' }
    })
    bundle.onLoad({ filter: /.*/, namespace: 'virtual' }, ({ path }) => ({ contents: virtual[path] }))
    bundle.onLoad({ filter: /.*/, namespace: 'spied' }, ({ path }) => spied(path))
  },
}

const place = mkdtempSync(join(tmpdir(), 'convzoo-faces-'))
try {
  const contents = [...tests.map((path) => `import ${JSON.stringify(path)}`), "export { faces } from 'faces'"].join(
    '\n',
  )
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: place },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    // The packages say that their files have no side effects; the tests have.
    ignoreAnnotations: true,
    plugins: [plugin],
  })
  writeFileSync(join(place, 'faces.mjs'), outputFiles[0].text)
} catch (error) {
  rmSync(place, { recursive: true })
  throw error
}

const { faces: found } = await import(pathToFileURL(join(place, 'faces.mjs')).href)
rmSync(place, { recursive: true })

/** The entry of a package that exports a function, or the class of a method, without the scope. */
const homes = new Map()
// Two entries of a package may export the same name.
for (const { entry } of entries)
  for (const name of Object.keys(await load(entry)))
    for (const home of [entry, packageOf(entry)]) if (!homes.has(`${home} ${name}`)) homes.set(`${home} ${name}`, entry)

function packageOf(entry) {
  return entry.split('/').slice(0, 2).join('/')
}

/** Each face: its exports, the calls that take options, and of each call the entry that exports it, or the package that the face is of. */
export const faces = found.map((face, index) => {
  const { entry } = found.slice(0, index + 1).findLast((each) => each.entry.startsWith('@convzoo/'))
  const isEntry = entry === face.entry
  const own = packageOf(entry)
  const homeOf = ([name]) => homes.get(`${entry} ${name}`) ?? homes.get(`${own} ${name}`)
  const of = (name) => ((isEntry && homeOf(name.split('.'))) || own).replace('@convzoo/', '')
  return { ...face, of, isEntry }
})
