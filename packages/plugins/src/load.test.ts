import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { alexnet } from '@convzoo/alexnet'
import { ConvzooError, createModel, sharedRegistry } from '@convzoo/core'
import { afterEach, describe, expect, it } from 'vitest'
import { findPlugins } from './find.js'
import { loadPlugins } from './load.js'
import { loadEngine } from './load-engine.js'
import { folderOf, Project, registering } from './testing/project.js'

const provides = (...names: readonly string[]) => ({ convzoo: { 'architecture/v1': names } })

afterEach(() => {
  Reflect.deleteProperty(globalThis, Symbol.for('convzoo.registry/v1'))
})

describe('loadPlugins', () => {
  it('registers what it finds', async () => {
    using project = new Project(['@convzoo/core', 'tiny'])
    project.link('@convzoo/core', folderOf('@convzoo/core'))
    project.install('tiny', provides('tiny'), registering('tiny', 'tiny'))
    const { plugins, problems } = await loadPlugins({ project: project.folder })
    expect(problems).toEqual([])
    expect(plugins.map(({ name, registered }) => [name, ...registered.map(({ title }) => title)])).toEqual([
      ['tiny', 'Small'],
    ])
    expect(createModel('tiny').output.shape).toEqual([3])
  })

  it('loads only what provides the architectures asked for', async () => {
    using project = new Project(['tiny', 'broken'])
    project.link('@convzoo/core', folderOf('@convzoo/core'))
    project.install('tiny', provides('tiny'), registering('tiny', 'tiny'))
    project.install('broken', provides('broken'), 'throw new Error("loaded")')
    const { plugins, problems } = await loadPlugins({ project: project.folder, architectures: ['tiny'] })
    expect([plugins.length, problems.length]).toEqual([1, 0])
  })

  it('shares the registry with a plugin that has a core of its own', async () => {
    using project = new Project(['tiny'])
    project.install('tiny', provides('tiny'), registering('tiny', 'tiny'))
    const copy = join(project.folder, 'node_modules/tiny/node_modules/@convzoo/core')
    for (const part of ['package.json', 'dist']) {
      cpSync(join(folderOf('@convzoo/core'), part), join(copy, part), { recursive: true })
    }
    expect((await loadPlugins({ project: project.folder })).problems).toEqual([])
    expect(createModel('tiny').layers).toHaveLength(3)
  })

  /** Loads a package whose entry lies outside of it. */
  async function refusesOutside(fields: object, prepare: (project: Project) => void = () => undefined) {
    using project = new Project(['sly'])
    const outside = 'globalThis.isOutsideLoaded = true'
    for (const path of ['outside.js', 'node_modules/outside.js']) project.write(path, outside)
    project.install('sly', { ...provides('sly'), ...fields })
    prepare(project)
    const { plugins, problems } = await loadPlugins({ project: project.folder })
    expect(plugins).toEqual([])
    expect(problems.map(({ error }) => ConvzooError.isInstance(error) && error.kind)).toEqual(['file'])
    expect(globalThis).not.toHaveProperty('isOutsideLoaded')
  }

  it.each([
    ['exports of the folder above', { exports: './../outside.js' }],
    ['a main of the folder above', { exports: undefined, main: '../../outside.js' }],
  ])('refuses an entry outside of its package: %s', (_, fields) => refusesOutside(fields))

  it.skipIf(process.platform === 'win32')(
    'refuses an entry that is a link out of its package (Windows lets only a few make links)',
    () =>
      refusesOutside({ exports: './link.js' }, ({ folder }) =>
        symlinkSync(join(folder, 'outside.js'), join(folder, 'node_modules/sly/link.js')),
      ),
  )

  /** Loads a package whose entry is no file. */
  async function refusesEntry(make: (path: string) => void) {
    using project = new Project(['odd'])
    project.install('odd', { ...provides('odd'), exports: './entry' })
    make(join(project.folder, 'node_modules/odd/entry'))
    const { problems } = await loadPlugins({ project: project.folder })
    expect(problems.map(({ error }) => error.message)).toEqual([expect.stringContaining('no regular file')])
  }

  it('refuses an entry that is a folder', () => refusesEntry((path) => mkdirSync(path)))

  it.skipIf(process.platform === 'win32')('refuses an entry that is a pipe (Windows has no such files)', () =>
    refusesEntry((path) => void spawnSync('mkfifo', [path])),
  )

  it('names the plugins that throw, break their word, or follow another contract; the others are there', async () => {
    using project = new Project(['broken', 'idle', 'late', 'no-entry', 'thief', 'tiny'])
    project.link('@convzoo/core', folderOf('@convzoo/core'))
    project.install('broken', provides('broken'), 'throw new Error("no such file: weights.bin")')
    project.install('idle', provides('idle'))
    project.install('late', provides('late'), registering('late', 'late', 'architecture/v2'))
    project.install('no-entry', { ...provides('no-entry'), exports: { './elsewhere': './main.js' } })
    project.install('tiny', provides('tiny'), registering('tiny', 'tiny'))
    project.install('thief', provides('stolen'), registering('alexnet', 'thief'))
    sharedRegistry().register(alexnet)
    const { plugins, problems } = await loadPlugins({ project: project.folder })
    expect(plugins.map(({ name }) => name)).toEqual(['tiny'])
    expect(problems.map(({ name, error }) => [name, error.message.split('\n')[0]])).toEqual([
      ['broken', 'no such file: weights.bin'],
      ['idle', 'The package idle@1.0.0 declares the architecture "idle" and does not register it.'],
      ['late', expect.stringMatching('The architecture "late" follows a contract')],
      ['no-entry', 'The package no-entry@1.0.0 has no entry that can be imported.'],
      ['thief', 'Two packages provide an architecture named "alexnet".'],
    ])
  })
})

describe('loadEngine', () => {
  const engineOf = async (project: Project) => {
    const [plugin] = findPlugins({ project: project.folder }).plugins
    if (plugin === undefined) throw new Error('No engine is found.')
    return loadEngine(plugin, 'quick')
  }
  const declared = { convzoo: { 'engine/v1': ['quick'] } }

  it('gives the function that makes the engine', async () => {
    using project = new Project(['quick'])
    project.install(
      'quick',
      declared,
      'export const quick = (options) => ({ specification: "engine/v1", name: "quick", ...options })',
    )
    expect((await engineOf(project))({ device: 'cpu' })).toMatchObject({ name: 'quick', device: 'cpu' })
  })

  it('gives what a defined engine says of its options, and of a plain function nothing', async () => {
    using project = new Project(['@convzoo/core', 'quick'])
    project.link('@convzoo/core', folderOf('@convzoo/core'))
    project.install(
      'quick',
      declared,
      `import { described, integer, optional } from '@convzoo/core/define'
import { defineEngine } from '@convzoo/core/engine'
      export const quick = defineEngine({
        specification: 'engine/v1',
        name: 'quick',
        title: 'Quick',
        options: { lanes: described('how many at once', optional(integer(1), 2)) },
        create: ({ lanes }) => ({ devices: async () => [{ device: 'npu:0', available: true, description: String(lanes) }], compile: async () => { throw new Error('Nothing is compiled.') } }),
      })`,
    )
    const make = await engineOf(project)
    expect(make.definition?.options.lanes).toMatchObject({ description: 'how many at once', fallback: 2 })
    expect(await make({ lanes: 3 }).devices()).toMatchObject([{ device: 'npu:0', description: '3' }])
    expect(() => make({ lane: 3 })).toThrow('engine quick has no option "lane"')
    using plain = new Project(['quick'])
    plain.install('quick', declared, 'export const quick = () => ({ specification: "engine/v1", name: "quick" })')
    expect((await engineOf(plain)).definition).toBeUndefined()
  })

  it('refuses a package without that function, and an engine of another contract', async () => {
    using without = new Project(['quick'])
    without.install('quick', declared, 'export const slow = 1')
    await expect(engineOf(without)).rejects.toThrow(/export const quick = defineEngine\([\s\S]*received: slow/)
    using later = new Project(['quick'])
    later.install('quick', declared, 'export const quick = () => ({ specification: "engine/v2" })')
    const make = await engineOf(later)
    expect(() => make({})).toThrow(/The engine "quick" of quick@1.0.0[\s\S]*received: "engine\/v2"/)
  })

  it('names the package whose function throws', async () => {
    using project = new Project(['quick'])
    project.install('quick', declared, 'export const quick = () => { throw new Error("no such device") }')
    const make = await engineOf(project)
    expect(() => make({})).toThrow(/The engine "quick" of quick@1.0.0 cannot be made: no such device/)
  })

  it.each(['undefined', 'null', 'Promise.resolve({ specification: "engine/v1" })'])(
    'refuses what is no engine: %s',
    async (made) => {
      using project = new Project(['quick'])
      project.install('quick', declared, `export const quick = () => ${made}`)
      const make = await engineOf(project)
      expect(() => make({})).toThrow(/The engine "quick" of quick@1.0.0[\s\S]*received: undefined/)
    },
  )
})
