import { describe, expect, it } from 'vitest'
import { findPlugins, weightsOf } from './index.js'
import { Project } from './testing/project.js'

const digits = {
  network: 'nin.cifar10',
  file: 'weights/digits.safetensors',
  sha256: 'ab'.repeat(32),
  license: 'MIT',
  trainedOn: 'MNIST, 60,000 images',
}
const shipping = (weights: unknown) => ({ convzoo: { 'weights/v1': weights } })
const entry = 'throw new Error("it was loaded")'

function found(...manifests: readonly (readonly [name: string, manifest: object])[]) {
  const project = new Project(manifests.map(([name]) => name))
  try {
    for (const [name, manifest] of manifests) project.install(name, manifest, entry)
    return { plugins: findPlugins({ project: project.folder }), folder: project.folder }
  } finally {
    project[Symbol.dispose]()
  }
}

describe('weights that packages ship', () => {
  it('are found by their name or that of the package, and nothing of it is loaded', () => {
    const { plugins } = found(['@scope/digits', shipping({ 'small-digits': { ...digits, accuracy: 0.98 } })])
    for (const name of ['small-digits', '@scope/digits']) {
      expect(weightsOf(plugins, name)).toMatchObject({
        ...digits,
        name: 'small-digits',
        accuracy: 0.98,
        plugin: { name: '@scope/digits', version: '1.0.0' },
        path: expect.stringMatching(/[\\/]@scope[\\/]digits[\\/]weights[\\/]digits\.safetensors$/),
      })
    }
    for (const name of ['other', 'constructor', '__proto__']) expect(weightsOf(plugins, name)).toBeUndefined()
  })

  it('may be several, which are chosen by their own names', () => {
    const { plugins } = found(['both', shipping({ one: digits, two: { ...digits, network: 'alexnet' } })])
    expect(weightsOf(plugins, 'two')).toMatchObject({ network: 'alexnet' })
    expect(() => weightsOf(plugins, 'both')).toThrow(
      expect.objectContaining({ kind: 'option', expected: 'one of one, two', received: 'both' }),
    )
  })

  it('are none of a package that ships others than weights', () => {
    const { plugins } = found(['net', { convzoo: { 'architecture/v1': ['net'] } }])
    expect(() => weightsOf(plugins, 'net')).toThrow(
      expect.objectContaining({ kind: 'registry', message: expect.stringContaining('net@1.0.0 ships no weights') }),
    )
  })

  it.each([
    ['file', '../other/weights.safetensors'],
    ['file', 'weights/../../weights.safetensors'],
  ])('lie in the package: %s %s', (name, value) => {
    const { plugins } = found(['away', shipping({ away: { ...digits, [name]: value } })])
    expect(() => weightsOf(plugins, 'away')).toThrow(
      expect.objectContaining({ kind: 'file', message: expect.stringContaining('lies outside') }),
    )
  })

  it.each([
    ['a list', ['digits'], 'cannot be read'],
    ['no description', { digits: 'weights.safetensors' }, 'cannot be read'],
    ['no checksum', { digits: { ...digits, sha256: undefined } }, 'sha256'],
    ['a checksum that is none', { digits: { ...digits, sha256: 'ab' } }, 'sha256'],
    ['no licence', { digits: { ...digits, license: '' } }, 'license'],
    ['an accuracy in percent', { digits: { ...digits, accuracy: 98 } }, 'accuracy'],
    ['an unknown field', { digits: { ...digits, licence: 'MIT' } }, 'licence'],
  ])('are a problem of the package where there is %s', (_, weights, word) => {
    const { plugins } = found(['bad', shipping(weights)])
    expect(plugins.problems).toMatchObject([{ name: 'bad', error: { kind: 'option' } }])
    expect(() => weightsOf(plugins, 'bad')).toThrow(
      expect.objectContaining({ kind: 'registry', message: expect.stringContaining(word) }),
    )
  })

  it('have a name that no other package has', () => {
    const { plugins } = found(['a', shipping({ digits })], ['b', shipping({ digits })])
    expect(weightsOf(plugins, 'digits')).toMatchObject({ plugin: { name: 'a' } })
    expect(() => weightsOf(plugins, 'b')).toThrow(expect.objectContaining({ kind: 'registry' }))
  })
})
