import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findPlugins } from './find.js'
import { folderOf, Project } from './testing/project.js'

const provides = (...names: readonly string[]) => ({ convzoo: { 'architecture/v1': names } })

/** Nothing that is found may be loaded. */
const explosive = 'throw new Error("loaded")'

describe('findPlugins', () => {
  it('finds scoped, unscoped and linked packages of a project, and says where they are', () => {
    using project = new Project(['@someone/small', 'convzoo-tiny', '@convzoo/alexnet', 'left-pad', 'not-installed'])
    project.install('@someone/small', provides('small'), explosive)
    project.install('convzoo-tiny', { ...provides('tiny'), version: '2.1.0' }, explosive)
    project.install('left-pad', {}, explosive)
    project.link('@convzoo/alexnet', folderOf('@convzoo/alexnet'))
    const { plugins, problems } = findPlugins({ project: project.folder })
    expect(problems).toEqual([])
    expect(
      plugins.map(({ name, version, architectures, folder }) => [name, version, ...architectures, folder]),
    ).toEqual([
      ['@convzoo/alexnet', expect.any(String), 'alexnet', folderOf('@convzoo/alexnet')],
      ['@someone/small', '1.0.0', 'small', join(project.folder, 'node_modules/@someone/small')],
      ['convzoo-tiny', '2.1.0', 'tiny', join(project.folder, 'node_modules/convzoo-tiny')],
    ])
  })

  it('finds what the root of a workspace has, and the package itself', () => {
    using project = new Project(['convzoo-tiny'])
    project.install('convzoo-tiny', provides('tiny'))
    project.write('packages/own/package.json', { name: 'own-net', version: '0.0.1', ...provides('own') })
    const { plugins } = findPlugins({ project: join(project.folder, 'packages/own') })
    expect(plugins.flatMap(({ architectures }) => architectures)).toEqual(['own', 'tiny'])
  })

  it('leaves alone what is installed and not asked for', () => {
    using project = new Project([])
    project.install('convzoo-tiny', provides('tiny'))
    expect(findPlugins({ project: project.folder }).plugins).toEqual([])
  })

  it('names a package whose contract is unknown, or whose field has another form, beside those that are fine', () => {
    using project = new Project(['a', 'b', 'c', 'd'])
    project.install('a', { convzoo: { 'architecture/v9': ['later'] } })
    project.install('b', { convzoo: ['tiny'] })
    project.install('c', { convzoo: { 'architecture/v1': 'tiny' } })
    project.install('d', { convzoo: { 'architecture/v9': ['both'], 'architecture/v1': ['both'] } })
    const { plugins, problems } = findPlugins({ project: project.folder })
    expect(plugins.map(({ name }) => name)).toEqual(['d'])
    expect(problems.map(({ name, error }) => [name, error.message.split('\n')[0]])).toEqual([
      ['a', 'The package a@1.0.0 follows a contract that this version of convzoo does not know.'],
      ['b', 'The package b@1.0.0 has a field "convzoo" in its package.json that cannot be read.'],
      ['c', 'The package c@1.0.0 has a field "convzoo" in its package.json that cannot be read.'],
    ])
    expect(problems[0]?.error.message).toMatch(
      /expected: one of architecture\/v1, engine\/v1, .*\n {2}received: architecture\/v9/,
    )
  })

  it('leaves alone a package whose name is no text, and reads no version out of anything else', () => {
    using project = new Project(['a', 'b'])
    project.install('a', { ...provides('nameless'), name: 7 })
    project.install('b', { ...provides('versionless'), version: { major: 1 } })
    const { plugins, problems } = findPlugins({ project: project.folder })
    expect(plugins).toMatchObject([{ name: 'b', version: '0.0.0' }])
    expect(problems).toEqual([])
  })

  it('lets the first hold a name that two claim, and names the other', () => {
    using project = new Project(['a-tiny', 'b-tiny'])
    project.install('a-tiny', provides('tiny'))
    project.install('b-tiny', provides('tiny', 'other'))
    const { plugins, problems } = findPlugins({ project: project.folder })
    expect(plugins.map(({ name }) => name)).toEqual(['a-tiny'])
    expect(problems).toMatchObject([
      { name: 'b-tiny', error: { kind: 'registry', expected: expect.stringMatching(/^a-tiny@/) } },
    ])
  })

  it("prefers the project's version of what the program brings, whose names nobody takes", () => {
    using program = new Project(['tiny', 'small'])
    program.install('tiny', provides('tiny'))
    program.install('small', provides('small'))
    using project = new Project(['a-thief', 'tiny'])
    project.install('a-thief', provides('tiny'))
    project.install('tiny', { ...provides('tiny'), version: '1.5.0' })
    const { plugins, problems } = findPlugins({ project: project.folder, program: program.folder })
    expect(plugins.map(({ name, version, origin }) => [name, version, origin])).toEqual([
      ['small', '1.0.0', 'program'],
      ['tiny', '1.5.0', 'project'],
    ])
    expect(problems.map(({ name }) => name)).toEqual(['a-thief'])
  })
})
