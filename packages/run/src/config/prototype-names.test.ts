import { describe, expect, it } from 'vitest'
import { installedDefinitions } from '../plugins/definitions.js'
import { completeConfig } from './config.js'

/** Every object has these, and nothing that can be chosen is called so. */
const names = ['constructor', 'toString', '__proto__', 'hasOwnProperty']

describe('a name that every object has', () => {
  it.each(
    names.flatMap((name) =>
      ['optimizer', 'loss', 'schedule', 'engine'].map((section): [string, string] => [section, name]),
    ),
  )('is refused as %s: %s', async (section, name) => {
    const config = { network: 'alexnet', data: 'flowers', [section]: name }
    await expect(completeConfig(config, installedDefinitions())).rejects.toMatchObject({
      name: 'ConvzooError',
      kind: 'option',
      received: name,
    })
  })

  it.each(names)('is refused as a callback: %s', async (name) => {
    const config = { network: 'alexnet', data: 'flowers', callbacks: [name] }
    await expect(completeConfig(config, installedDefinitions())).rejects.toMatchObject({
      name: 'ConvzooError',
      kind: 'option',
      received: name,
    })
  })
})
