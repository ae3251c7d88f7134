import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { nodeVersions, rows } from './arrows.js'
import { isBounded, readManifest, readWorkspace, resolveVersion } from './manifest.js'
import { importsOf, loosenedIn, onlyReexports, type Source, sourcesOf } from './source.js'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const workspace = readWorkspace(root)
const folders = ['packages', 'apps'].flatMap((group) =>
  readdirSync(join(root, group)).map((name) => `${group}/${name}`),
)

function rowOf(folder: string) {
  const row = rows.find((candidate) => candidate.folder === folder)
  if (row === undefined) throw new Error(`${folder} has no row in tools/rules/arrows.ts.`)
  return row
}

describe('the table of packages', () => {
  it('lets a package know only rows above it', () => {
    const names = rows.map((row) => row.name)
    for (const [index, row] of rows.entries()) {
      const below = new Set(names.slice(index))
      expect(
        row.imports.filter((name) => below.has(name)),
        row.name,
      ).toEqual([])
    }
  })
})

describe('files that are loaded by their paths', () => {
  it('have names of their own, since a bundler may put them into one folder', () => {
    const built = folders.filter((folder) => !rowOf(folder).hasNoModule)
    const named = built.flatMap((folder) => {
      const text = readFileSync(join(root, folder, 'tsup.config.ts'), 'utf8')
      const [, list = ''] = /workers: \[([^\]]*)\]/.exec(text) ?? []
      return [...list.matchAll(/([\w-]+)\.ts/g)].map(([, name = '']) => name)
    })
    expect(named).toContain('onnx-worker')
    expect(named.filter((name, index) => named.indexOf(name) !== index)).toEqual([])
    expect(named.filter((name) => !name.includes('-'))).toEqual([])
  })
})

describe.each(folders)('%s', (folder) => {
  const path = join(root, folder)
  const row = rowOf(folder)
  const manifest = readManifest(path)
  const sources = existsSync(join(path, 'src')) ? sourcesOf(path) : []
  const shipped = sources.filter((source) => !source.isTest)

  it('has a complete manifest', () => {
    expect(manifest).toMatchObject({
      name: row.name,
      license: 'Apache-2.0',
      type: 'module',
      files: expect.arrayContaining([...(row.hasNoModule ? [] : ['dist']), 'README.md', 'LICENSE']),
      engines: { node: row.nodeVersions ?? nodeVersions },
      repository: { url: 'git+https://github.com/convzoo/convzoo.git', directory: folder },
      sideEffects: expect.anything(),
    })
    expect(manifest.version).toMatch(/^\d+\.\d+\.\d+/)
    expect(manifest.description, 'description').toMatch(/.{20}/)
    expect(manifest.keywords?.length ?? 0, 'keywords').toBeGreaterThanOrEqual(3)
  })

  it('exports ES modules with their types, each made from a source of the same name', () => {
    expect(manifest.exports?.['./package.json']).toBe('./package.json')
    if (row.hasNoModule) expect(shipped.map(({ name }) => name)).toEqual([])
    else if (manifest.bin === undefined) {
      expect(manifest.exports?.['.']).toBeDefined()
      expect(manifest.types).toBe('./dist/index.d.ts')
    }
    for (const [key, target] of Object.entries(manifest.exports ?? {})) {
      if (typeof target === 'string') continue
      const name = key === '.' ? 'index' : key.slice(2)
      expect(Object.entries(target), key).toEqual([
        ['types', `./dist/${name}.d.ts`],
        ['default', `./dist/${name}.js`],
      ])
      expect(existsSync(join(path, `src/${name}.ts`)), `src/${name}.ts`).toBe(true)
    }
    for (const target of Object.values(manifest.bin ?? {})) {
      const source = target.replace('./dist/', 'src/').replace(/\.js$/, '.ts')
      expect(existsSync(join(path, source)), source).toBe(true)
    }
  })

  it('says which of its modules do something when imported', () => {
    const does = shipped.some((source) => /^(?:register|bringPlugins)\(/m.test(source.text))
    const entriesThatDo = Object.keys(manifest.exports ?? {})
      .map((key) => key.slice(2))
      .filter((name) =>
        shipped.some(({ name: file, text }) => file === `src/${name}.ts` && /^registerLayers\(/m.test(text)),
      )
    const modules = [
      ...Object.values(manifest.bin ?? {}),
      ...(does && manifest.exports?.['.'] !== undefined ? ['./dist/index.js'] : []),
      ...entriesThatDo.map((name) => `./dist/${name}.js`),
    ]
    const expected = modules.length === 0 ? false : modules
    expect(manifest.sideEffects).toEqual(expected)
  })

  it('tells the command line which architectures it registers, so that it is found unloaded', () => {
    const registers = shipped.some((source) => /^register\(/m.test(source.text))
    expect(Object.keys(manifest.convzoo?.['architecture/v1'] ?? {})).toHaveLength(registers ? 1 : 0)
  })

  it('is found in a registry by the keywords of what it provides', () => {
    const kinds = Object.keys(manifest.convzoo ?? {}).map((contract) => contract.replace(/\/v\d+$/, ''))
    expect(manifest.keywords).toEqual(expect.arrayContaining(kinds.map((kind) => `convzoo-${kind}`)))
  })

  it('lists only what its row allows', () => {
    const listed = [manifest.dependencies, manifest.peerDependencies, manifest.optionalDependencies].flatMap(
      (versions) => Object.keys(versions ?? {}),
    )
    expect(listed.filter((name) => !row.imports.includes(name))).toEqual([])
    const houses = Object.keys(manifest.devDependencies ?? {}).filter((name) =>
      rows.some((other) => other.name === name),
    )
    expect(houses.filter((name) => !row.imports.includes(name) && !row.tests?.includes(name))).toEqual([])
  })

  it('takes versions from the workspace, and peers within bounds', () => {
    const { dependencies, peerDependencies, optionalDependencies, devDependencies } = manifest
    const all = Object.entries({ ...dependencies, ...optionalDependencies, ...devDependencies, ...peerDependencies })
    expect(all.filter(([, version]) => !/^(?:workspace|catalog):/.test(version))).toEqual([])
    const peers = Object.entries(peerDependencies ?? {}).map(([name, version]) => [
      name,
      resolveVersion(name, version, workspace),
    ])
    expect(peers.filter(([, range = '']) => !isBounded(range))).toEqual([])
  })

  it('has a README with a name, an installation and an example', () => {
    const readme = readFileSync(join(path, 'README.md'), 'utf8')
    expect(readme.startsWith(`# ${manifest.name}\n`), 'title').toBe(true)
    expect(readme).toMatch(/^(?:[A-Z_]+=\S+ )?(?:npm|npx|pnpm) .*/m)
    expect(readme.match(/^```\w/gm)?.length ?? 0, 'code blocks: installing, using').toBeGreaterThanOrEqual(2)
  })

  it('has tests', () => {
    expect(sources.some((source) => source.isTest)).toBe(true)
  })

  it('imports only what its row and its manifest allow', () => {
    const own = Object.keys({
      ...manifest.dependencies,
      ...manifest.peerDependencies,
      ...manifest.optionalDependencies,
    })
    const mayImport = (source: Source, { kind, name }: ReturnType<typeof importsOf>[number]) => {
      if (kind === 'own') return true
      const isForTests = source.isTest || source.name.startsWith('src/testing/')
      // A plugin takes its name and version from its own manifest; tests share what stands in tools.
      if (kind === 'outside') {
        return name === '../package.json' || (isForTests && /^(?:\.\.\/){3,4}tools\/[\w-]+\.m?js$/.test(name))
      }
      if (isForTests && (kind === 'node' || name === 'vitest' || row.tests?.includes(name))) return true
      if (kind === 'node') return row.node
      return name === row.name ? isForTests : row.imports.includes(name) && own.includes(name)
    }
    const wrong = sources.flatMap((source) =>
      importsOf(source, path)
        .filter((imported) => !mayImport(source, imported))
        .map((imported) => `${source.name} imports ${imported.name}`),
    )
    expect(wrong).toEqual([])
  })

  it('keeps index.ts to re-exports', () => {
    const indexes = shipped.filter((source) => source.name.endsWith('/index.ts'))
    expect(indexes.filter((source) => !onlyReexports(source)).map((source) => source.name)).toEqual([])
  })

  it('keeps files under 400 lines', () => {
    const long = sources.filter((source) => source.text.split('\n').length - 1 > 400)
    expect(long.map((source) => source.name)).toEqual([])
  })

  it('loosens no types and silences no checks', () => {
    expect(shipped.flatMap(loosenedIn)).toEqual([])
  })
})
