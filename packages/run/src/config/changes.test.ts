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

  it('keep the options of a name in another spelling, and not those of another name', () => {
    const adam = { network: 'alexnet', data: 'flowers', optimizer: { name: 'adamW', learningRate: 0.1 } }
    expect(changedConfig(adam, { optimizer: { name: 'adamw', beta1: 0.7 } }).optimizer).toEqual({
      name: 'adamw',
      learningRate: 0.1,
      beta1: 0.7,
    })
    expect(changedConfig(adam, { optimizer: 'adam-w' }).optimizer).toEqual({ name: 'adam-w', learningRate: 0.1 })
    expect(changedConfig(adam, { optimizer: 'sgd' }).optimizer).toBe('sgd')
  })

  it('go beside what stands alone as a text', () => {
    const short = { network: 'alexnet', data: 'flowers', schedule: 'cosine' }
    expect(changedConfig(short, { network: { input: [67, 67, 1] }, data: 'tulips', schedule: { warmUp: 5 } })).toEqual({
      network: { id: 'alexnet', input: [67, 67, 1] },
      data: { source: 'tulips' },
      schedule: { name: 'cosine', warmUp: 5 },
    })
  })

  it.each<[string, object]>([
    ['trainin', { trainin: { epochs: 9 } }],
    ['epochs', { epochs: 9 }],
    ['made', { made: {} }],
  ])('of a section that there is not are refused: %s', (name, changes) => {
    expect(() => changedConfig(saved, changes)).toThrow(`a change of a run has no option "${name}"`)
  })
})
