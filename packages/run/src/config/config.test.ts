import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { installedDefinitions } from '../plugins/definitions.js'
import { Project } from '../testing/project.js'
import { completeConfig } from './config.js'
import { isRenewable } from './sections.js'

let project: Project
beforeAll(() => {
  project = new Project()
})
afterAll(() => project[Symbol.dispose]())

const least = { network: 'tiny', data: 'flowers' }
const complete = (config: unknown) => completeConfig(config, installedDefinitions())

describe('a configuration', () => {
  it('needs a network and data; the rest is filled in, options of what is chosen too', async () => {
    expect(await complete(least)).toMatchObject({
      network: { id: 'tiny' },
      data: { source: 'flowers' },
      optimizer: { name: 'adamW', learningRate: 3e-4, weightDecay: 0.01, beta1: 0.9, beta2: 0.999 },
      schedule: { name: 'cosine', warmUp: 0 },
      loss: { name: 'categoricalCrossentropy', labelSmoothing: 0 },
      training: { epochs: 1, batchSize: 32, validateEvery: 1, seed: 1 },
      engine: { name: 'auto', device: 'auto' },
      callbacks: [],
    })
  })

  it('is complete once for all: what is filled in is read as it stands', async () => {
    const once = await complete({
      ...least,
      optimizer: 'adamW',
      schedule: 'cosine',
      callbacks: [{ name: 'earlyStopping', patience: 2 }],
    })
    expect(await complete(JSON.parse(JSON.stringify(once)))).toEqual(once)
  })

  it('takes the same names as the command line does, and options of the usual choice without its name', async () => {
    expect(await complete({ ...least, optimizer: 'adam-w', schedule: 'step' })).toMatchObject({
      optimizer: { name: 'adamW' },
      schedule: { name: 'stepDecay' },
    })
    expect(await complete({ ...least, optimizer: { beta1: 0.5 }, engine: { device: 'cpu' } })).toMatchObject({
      optimizer: { name: 'adamW', beta1: 0.5, learningRate: 3e-4 },
      engine: { name: 'auto', device: 'cpu' },
    })
  })

  it('leaves to the run what follows from its length', async () => {
    const { schedule } = await complete({ ...least, schedule: 'exponential' })
    expect(schedule).toEqual({ name: 'exponential', warmUp: 0 })
  })

  it('reads an input as text or as numbers', async () => {
    for (const input of ['9x7x3', [9, 7, 3]]) {
      const { network } = await complete({ ...least, network: { id: 'tiny', input } })
      expect(network.input).toEqual([9, 7, 3])
    }
  })

  it.each([
    [undefined, '"id" of the network'],
    ['tiny', 'the configuration of a run'],
    [{ network: 'tiny' }, '"source" of the data'],
    [{ ...least, optimiser: 'sgdw' }, 'did you mean optimizer?'],
    [{ ...least, training: { epoch: 3 } }, 'did you mean epochs?'],
    [{ ...least, training: 3 }, 'the training'],
    [{ ...least, training: { epochs: '3' } }, '"epochs" of the training'],
    [{ ...least, training: { average: 0.9 } }, '"average" of the training'],
    [{ ...least, network: { id: 'tiny', input: '9x9' } }, '"input" of the network'],
    [{ ...least, data: { source: 'flowers', cache: 'ram' } }, '"cache" of the data'],
    [{ ...least, data: { source: 'flowers', validationSplit: 2 } }, '"validationSplit" of the data'],
    [{ ...least, checkpoints: { everyStep: 3 } }, 'did you mean everySteps?'],
    [{ ...least, optimizer: 'sgdv' }, 'did you mean'],
    [{ ...least, optimizer: { name: 'adamW', beta3: 0.9 } }, 'optimizer adamW has no option "beta3"'],
    [{ ...least, optimizer: { name: 'adamW', beta1: 2 } }, '"beta1" of optimizer adamW'],
    [{ ...least, optimizer: ['adamW'] }, '"optimizer" of the configuration of a run'],
    [{ ...least, schedule: { name: 'cosine', every: 3 } }, 'schedule cosine has no option "every"'],
    [{ ...least, schedule: 'cosin' }, 'cosine'],
    [{ ...least, loss: 'mse' }, 'categoricalCrossentropy'],
    [{ ...least, engine: 'onx' }, 'onnx'],
    [{ ...least, engine: { name: 'onnx', thread: 2 } }, 'did you mean threads?'],
    [{ ...least, callbacks: 'earlyStopping' }, '"callbacks" of the configuration of a run'],
    [{ ...least, callbacks: ['earlyStopping'] }, '"patience" of callback earlyStopping'],
    [{ ...least, callbacks: ['earlyStoping'] }, 'earlyStopping'],
  ])('that cannot be used is named: %j', async (config, words) => {
    await expect(complete(config)).rejects.toThrow(words)
    await expect(complete(config)).rejects.toMatchObject({ name: 'ConvzooError', kind: 'option' })
  })
})

describe('a setting', () => {
  it.each([
    'training.epochs',
    'training.microBatchSize',
    'checkpoints.everySteps',
    'schedule.name',
    'schedule.gamma',
    'engine.name',
    'callbacks',
    'optimizer.learningRate',
    'loss.labelSmoothing',
    'data.source',
    'data.workers',
  ])('%s may be given anew to a run that goes on', (path) => {
    expect(isRenewable(path)).toBe(true)
  })

  it.each([
    'training.seed',
    'training.batchSize',
    'training.average',
    'optimizer.name',
    'loss.name',
    'network.id',
    'network.input',
    'data.validationSplit',
    'data.limit',
    'data.augment',
    'data.mean',
  ])('%s stays as it is in a run', (path) => {
    expect(isRenewable(path)).toBe(false)
  })
})
