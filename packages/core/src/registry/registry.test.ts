import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Architecture } from '../contracts/index.js'
import { dense, flatten } from '../layers/index.js'
import { errorOf } from '../testing/error-of.js'
import { createRegistry, defaultTag, idsOf } from './registry.js'

const toy = (changes: Partial<Architecture> = {}): Architecture => ({
  specification: 'architecture/v1',
  package: { name: '@test/toy', version: '1.0.0' },
  name: 'toy',
  title: 'Toy',
  paper: { title: 'Toys', authors: ['A. Author'], year: 2000, url: 'https://example.org/' },
  tags: { small: tag(2), large: tag(3) },
  ...changes,
})

const tag = (classes: number): Architecture['tags'][string] => ({
  defaults: { input: [2, 2, 1], classes },
  preprocessing: { resize: 'bilinear', mean: [0], standardDeviation: [1] },
  build: ({ input, classes: units }) => dense({ units, activation: 'softmax' })(flatten()(input)),
})

describe('a registry', () => {
  it('resolves a name to its first tag, and an id to that tag', () => {
    const registry = createRegistry()
    const architecture = toy()
    registry.register(architecture)
    expect(registry.resolve('toy')).toMatchObject({ tagName: 'small', tag: { defaults: { classes: 2 } } })
    expect(registry.resolve('toy.large')).toMatchObject({ tagName: 'large', tag: { defaults: { classes: 3 } } })
    expect(registry.resolve('toy').architecture).toBe(architecture)
    expect(idsOf(architecture)).toEqual(['toy', 'toy.small', 'toy.large'])
    expect(defaultTag(architecture)).toBe('small')
  })

  it('lists by name', () => {
    const registry = createRegistry()
    for (const name of ['toy', 'another', 'some-net']) registry.register(toy({ name }))
    expect(registry.list().map(({ name }) => name)).toEqual(['another', 'some-net', 'toy'])
  })

  it('takes the same package and version twice without a word', () => {
    const warn = vi.fn()
    const registry = createRegistry(warn)
    registry.register(toy())
    registry.register(toy())
    expect(registry.list()).toHaveLength(1)
    expect(warn).not.toHaveBeenCalled()
  })

  it('keeps the first of two versions and warns', () => {
    const warn = vi.fn()
    const registry = createRegistry(warn)
    const first = toy()
    registry.register(first)
    registry.register(toy({ package: { name: '@test/toy', version: '1.1.0' } }))
    expect(registry.list()).toEqual([first])
    expect(warn.mock.calls).toEqual([['@test/toy is loaded in two versions; 1.0.0 stays, 1.1.0 is ignored.']])
  })

  it('gives what took the place of a deprecated id, and warns once', () => {
    const warn = vi.fn()
    const registry = createRegistry(warn)
    registry.register(toy({ deprecated: { 'toy.tiny': 'toy.small', plaything: 'toy.large' } }))
    for (const _ of [1, 2]) expect(registry.resolve('plaything').tagName).toBe('large')
    expect(warn.mock.calls).toEqual([['The id "plaything" is deprecated; use "toy.large".']])
    expect(registry.resolve('toy.tiny').tagName).toBe('small')
    expect(warn).toHaveBeenCalledTimes(2)
  })

  it('refuses a name that another package holds', () => {
    const registry = createRegistry()
    registry.register(toy())
    const error = errorOf(() => registry.register(toy({ package: { name: '@other/toy', version: '1.0.0' } })))
    expect(error).toMatchObject({ kind: 'registry', received: '@other/toy' })
    expect(error.message).toMatch('Two packages provide an architecture named "toy".')
    expect(registry.resolve('toy').architecture.package.name).toBe('@test/toy')
  })

  it('refuses a specification that it does not know, in words that say what would fit', () => {
    const later = toy({ specification: JSON.parse('"architecture/v9"') })
    const error = errorOf(() => createRegistry().register(later))
    expect(error).toMatchObject({
      kind: 'specification',
      expected: 'specification "architecture/v1"',
      received: '"architecture/v9"',
    })
    expect(error.message).toMatch('The architecture "toy" follows a contract')
  })

  it('names the nearest ids and what is registered where an id is unknown', () => {
    const registry = createRegistry()
    registry.register(toy())
    registry.register(toy({ name: 'alexnet', tags: { notebook: tag(1000) } }))
    expect(errorOf(() => registry.resolve('alexnt'))).toMatchObject({
      kind: 'registry',
      received: 'alexnt',
      expected: 'one of toy, toy.small, toy.large, alexnet, alexnet.notebook',
      hint: 'did you mean alexnet?',
    })
    expect(errorOf(() => registry.resolve('toy.larg')).hint).toMatch(/^did you mean toy\.large/)
    expect(errorOf(() => registry.resolve('resnet-50'))).toMatchObject({
      hint: 'install and import the package that provides it',
    })
    expect(errorOf(() => registry.resolve('toy.constructor')).kind).toBe('registry')
    expect(errorOf(() => createRegistry().resolve('toy')).expected).toBe('a registered id; none is registered')
  })
})

describe('the shared registry', () => {
  afterEach(() => {
    Reflect.deleteProperty(globalThis, Symbol.for('convzoo.registry/v1'))
    vi.resetModules()
  })

  it('is one for two copies of core', async () => {
    vi.resetModules()
    const first = await import('./index.js')
    vi.resetModules()
    const second = await import('./index.js')
    expect(second.register).not.toBe(first.register)
    first.register(toy())
    expect(second.sharedRegistry()).toBe(first.sharedRegistry())
    const model = second.createModel('toy.large')
    expect(model.output.shape).toEqual([3])
  })
})
