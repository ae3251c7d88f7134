import { describe, expect, it } from 'vitest'
import type { DefinedContract } from './contracts.js'
import { type FindOptions, findPlugins } from './find.js'
import { loadProvided } from './provided.js'
import { providerOf } from './provider.js'
import { folderOf, Project } from './testing/project.js'

/** The entry of a plugin that exports a definition. What it makes says with which options. */
const defining = (exported: string, specification: string, name: string): string => `
  import { numberIn, optional } from '@convzoo/core/define'
  const make = (options) => ({ made: '${name}', options })
  Object.defineProperty(make, 'name', { value: '${name}' })
  export const ${exported} = Object.assign(make, {
    specification: '${specification}', title: 'A title', options: { beta: optional(numberIn(0, 1), 0.5) },
  })
`

/** A project with one plugin of this declaration and entry, and core. */
function projectWith(convzoo: object, entry: string, name = 'convzoo-lion'): Project {
  const project = new Project([name, '@convzoo/core'])
  project.link('@convzoo/core', folderOf('@convzoo/core'))
  project.install(name, { convzoo }, entry)
  return project
}

/** What a project's plugin provides under a name. */
async function provided({ folder }: Project, contract: DefinedContract, name: string) {
  return loadProvided(providerOf(findPlugins({ project: folder }), contract, name), contract, name)
}

describe('what a plugin provides under a contract', () => {
  it.each([
    ['optimizer/v1', 'lion', 'lion'],
    ['loss/v1', 'focal', 'focal'],
    ['schedule/v1', 'one-cycle', 'oneCycle'],
    ['dataset/v1', 'drawn-2d-shapes', 'drawn2dShapes'],
    ['callback/v1', 'csv-log', 'csvLog'],
    ['engine/v1', 'quick', 'quick'],
  ] as const)('is found and loaded by its name: %s %s', async (contract, name, exported) => {
    using project = projectWith({ [contract]: [name] }, defining(exported, contract, name))
    const definition = await provided(project, contract, name)
    expect({ ...definition, name: definition.name }).toMatchObject({ specification: contract, name, title: 'A title' })
    expect(definition({ beta: 0.9 })).toEqual({ made: name, options: { beta: 0.9 } })
  })

  it('may be of several contracts, under one name too', async () => {
    const entry = `${defining('lion', 'optimizer/v1', 'lion')}${defining('csvLog', 'callback/v1', 'csv-log')
      .replace(/import.*\n/, '')
      .replaceAll('make', 'another')}`
    using project = projectWith(
      { 'optimizer/v1': ['lion'], 'callback/v1': ['csv-log'], 'architecture/v1': ['lion'], 'metric/v7': ['lion'] },
      entry,
    )
    expect(findPlugins({ project: project.folder })).toMatchObject({
      problems: [],
      plugins: [{ provides: { 'optimizer/v1': ['lion'], 'callback/v1': ['csv-log'], 'loss/v1': [] } }],
    })
    expect(await provided(project, 'callback/v1', 'csv-log')).toHaveProperty('specification', 'callback/v1')
  })

  it.each(['optimizer/v1', 'engine/v1'] as const)(
    'may be a plain function of an older plugin: %s',
    async (contract) => {
      using project = projectWith(
        { [contract]: ['old'] },
        'export const old = (options) => ({ ...options, old: true })',
      )
      expect((await provided(project, contract, 'old'))({ beta: 1 })).toEqual({ beta: 1, old: true })
    },
  )

  it.each([
    ['nothing of that name', 'export const other = 1', /received: other/],
    [
      'a plain function',
      'export const focal = () => 1',
      /received: focal: a function without specification, title, options/,
    ],
    ['no function', 'export const focal = {}', /received: focal: /],
    [
      'a definition of another name',
      defining('focal', 'loss/v1', 'local'),
      /received: focal: the definition of "local"/,
    ],
    [
      'a definition without options',
      defining('focal', 'loss/v1', 'focal').replace(/options: \{.*\},/, ''),
      /received: focal: a function without options/,
    ],
    [
      'a definition of another contract',
      defining('focal', 'loss/v2', 'focal'),
      /The loss "focal" of convzoo-lion@1\.0\.0 follows a contract [\s\S]*received: "loss\/v2"/,
    ],
    [
      'an error',
      'throw new Error("no such file")',
      /The package convzoo-lion@1\.0\.0, which declares the loss "focal", cannot be imported\.[\s\S]*no such file/,
    ],
  ])('is refused where the package has %s', async (_, entry, message) => {
    using project = projectWith({ 'loss/v1': ['focal'] }, entry)
    await expect(provided(project, 'loss/v1', 'focal')).rejects.toThrow(message)
  })

  it('says how it would be written right', async () => {
    using project = projectWith({ 'callback/v1': ['csv-log'] }, 'export const csv = 1')
    await expect(provided(project, 'callback/v1', 'csv-log')).rejects.toThrow(
      /declares the callback "csv-log" and exports no definition of it\.[\s\S]*expected: export const csvLog = defineCallback\(\{ specification: 'callback\/v1', name: 'csv-log'/,
    )
  })
})

describe('a name that nothing provides', () => {
  it('is told with those that there are, the nearest, and where to look for more', () => {
    using project = projectWith({ 'optimizer/v1': ['lion'] }, '')
    const found = findPlugins({ project: project.folder })
    const own = ['sgdw', 'adamw']
    expect(() => providerOf(found, 'optimizer/v1', 'lino', { option: '--optimizer', own })).toThrow(
      /The option --optimizer .*\n {2}expected: one of sgdw, adamw, lion\n {2}received: lino\n.*did you mean lion\? npm search keywords:convzoo-optimizer /,
    )
    expect(() => providerOf(found, 'dataset/v1', 'shapes')).toThrow(
      /No package that is installed provides the dataset "shapes"\.[\s\S]*keywords:convzoo-dataset/,
    )
  })

  it('is told apart from one whose package cannot be used', () => {
    using project = new Project(['a', 'b'])
    project.install('a', { convzoo: { 'loss/v1': ['focal'] } })
    project.install('b', { convzoo: { 'loss/v1': ['focal', 'dice'] } })
    const found = findPlugins({ project: project.folder })
    expect(() => providerOf(found, 'loss/v1', 'dice')).toThrow(
      /The package b@1\.0\.0, which declares the loss "dice", cannot be used: The package b provides the loss "focal", a name that another package holds\./,
    )
  })
})

describe('a name that is taken', () => {
  const problemsOf = (options: FindOptions) =>
    findPlugins(options).problems.map(({ name, error }) => [name, error.message.split('\n')[0]])

  it('is taken under its contract alone', () => {
    using project = new Project(['a', 'b'])
    project.install('a', { convzoo: { 'loss/v1': ['focal'], 'optimizer/v1': ['lion'] } })
    project.install('b', { convzoo: { 'callback/v1': ['focal'], 'schedule/v1': ['lion'] } })
    expect(problemsOf({ project: project.folder })).toEqual([])
  })

  it("cannot be one of the program's own", () => {
    using project = projectWith({ 'optimizer/v1': ['sgdw'] }, '', 'thief')
    project.install('fine', { convzoo: { 'loss/v1': ['sgdw'] } })
    const reserved = { 'optimizer/v1': ['adamw', 'sgdw'] }
    expect(problemsOf({ project: project.folder, reserved })).toEqual([
      ['thief', 'The package thief provides the optimizer "sgdw", a name that is one of convzoo\'s own.'],
    ])
  })
})
