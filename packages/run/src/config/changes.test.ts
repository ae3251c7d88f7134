import { describe, expect, it } from 'vitest'
import { installedDefinitions } from '../plugins/definitions.js'
import { changedConfig } from './changes.js'
import { completeConfig } from './config.js'

const saved = await completeConfig({ network: 'alexnet', data: 'flowers' }, installedDefinitions())

describe('changes of a run', () => {
  it('replace what they name, and leave the rest', () => {
    const changed = changedConfig(saved, { training: { epochs: 9 } })
    expect(changed).toEqual({ ...saved, training: { ...saved.training, epochs: 9 } })
  })

  it.each<[string, object]>([
    ['trainin', { trainin: { epochs: 9 } }],
    ['epochs', { epochs: 9 }],
    ['made', { made: {} }],
  ])('of a section that there is not are refused: %s', (name, changes) => {
    expect(() => changedConfig(saved, changes)).toThrow(`a change of a run has no option "${name}"`)
  })
})
