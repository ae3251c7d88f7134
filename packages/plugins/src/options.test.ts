import { describe, expect, it } from 'vitest'
import { describeOptions } from '../../../tools/option-face.js'
import * as entry from './index.js'

describeOptions('@convzoo/plugins', {
  exports: entry,
  cases: {
    findPlugins: (unknown) => entry.findPlugins({ ...unknown }),
    loadPlugins: (unknown) => entry.loadPlugins({ ...unknown }),
    providerOf: (unknown) => entry.providerOf({ plugins: [], problems: [] }, 'engine/v1', 'none', { ...unknown }),
  },
  without: {
    'takes what findPlugins gives, and names': ['loadArchitectures', 'loadEngine', 'loadProvided', 'weightsOf'],
    'takes a contract': ['keywordOf', 'kindOf'],
    'takes anything': ['isDefinition'],
  },
})

describe('an option', () => {
  it.each([
    ['project', 1],
    ['program', ''],
    ['architectures', 'alexnet'],
    ['reserved', { 'optimiser/v1': ['sgdw'] }],
    ['reserved', { 'optimizer/v1': 'sgdw' }],
  ])('"%s" of loadPlugins that cannot be used is named: %j', async (name, value) => {
    await expect(entry.loadPlugins({ [name]: value })).rejects.toThrow(`The option "${name}" of loadPlugins`)
  })
})
