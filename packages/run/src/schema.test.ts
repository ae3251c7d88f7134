import { jsonSchemaOf } from '@convzoo/core/define'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { trainingSection } from './config/sections.js'
import { runSchema } from './index.js'

/** What a schema finds wrong; nothing where all is well. */
function faultsIn(schema: object, config: unknown): readonly string[] {
  const validate = new Ajv2020({ allErrors: true, strict: true, strictRequired: false }).compile(schema)
  return validate(config)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

const least = { network: 'alexnet', data: 'flowers' }
const good: readonly object[] = [
  least,
  {
    ...least,
    network: { id: 'nin', input: '67x67x3' },
    data: { source: 'flowers', validationSplit: 0.1, cache: 'disk' },
  },
  { ...least, network: { id: 'nin', input: [67, 67, 3] }, $schema: './schema.json' },
  { ...least, optimizer: 'adamW', schedule: 'cosine', loss: 'categoricalCrossentropy', engine: 'onnx' },
  // The usual optimizer, schedule and engine need no name, and a run's optimizer no decay of its own.
  { ...least, optimizer: { learningRate: 0.01 }, schedule: { warmUp: 100 }, engine: { device: 'cuda', threads: 2 } },
  { ...least, optimizer: { name: 'sgdw', learningRate: 0.01, clipping: { globalNorm: 1 } } },
  { ...least, schedule: { name: 'stepDecay', every: 100, warmUp: 10 } },
  { ...least, training: { epochs: 3, microBatchSize: 8, average: { decay: 0.999 } }, checkpoints: { everyMinutes: 0 } },
  { ...least, callbacks: [{ name: 'earlyStopping', patience: 3 }] },
]
const bad: readonly (readonly [object, path: string])[] = [
  [{ network: 'alexnet' }, ''],
  [{ ...least, epochs: 3 }, ''],
  [{ ...least, training: { epoch: 3 } }, '/training'],
  [{ ...least, training: { epochs: 0 } }, '/training/epochs'],
  [{ ...least, data: { source: 'flowers', cache: 'ram' } }, '/data/cache'],
  [{ ...least, network: { id: 'nin', input: '67x67' } }, '/network/input'],
  [{ ...least, optimizer: { name: 'sgdw', learningrate: 1 } }, '/optimizer'],
  [{ ...least, optimizer: { name: 'adamW', beta1: 2 } }, '/optimizer/beta1'],
  [{ ...least, schedule: { name: 'cosine', every: 3 } }, '/schedule'],
  [{ ...least, callbacks: ['earlyStopping', { name: 'earlyStopping' }] }, '/callbacks/1'],
]

describe.each([{ plugins: true }, { plugins: false }])('the schema of a run with %j', (options) => {
  it.each(good)('takes %j', async (config) => {
    expect(faultsIn(await runSchema(options), config)).toEqual([])
  })

  it.each(bad)('refuses %j at "%s"', async (config, path) => {
    const faults = faultsIn(await runSchema(options), config)
    expect(faults.some((fault) => fault.startsWith(`${path} `))).toBe(true)
  })

  it('takes what is installed, and without plugins any other name', async () => {
    const schema = await runSchema(options)
    const others = {
      ...least,
      optimizer: { name: 'lion', beta1: 0.9 },
      callbacks: ['mine'],
      engine: { name: 'mine', x: 1 },
    }
    expect(faultsIn(schema, others).length === 0).toBe(!options.plugins)
    expect(faultsIn(schema, { ...least, engine: { name: 'onnx', threads: 2 } })).toEqual([])
    expect(faultsIn(schema, { ...least, engine: { name: 'onnx', thread: 2 } }).length === 0).toBe(!options.plugins)
  })

  it('says what each setting is for, and its default in a run', async () => {
    const { properties } = await runSchema(options)
    expect(properties?.training?.properties).toEqual(jsonSchemaOf(trainingSection.kinds).properties)
    const sgdw = properties?.optimizer?.anyOf?.find(({ title }) => title === 'sgdw')
    expect(sgdw?.properties?.weightDecay).toMatchObject({ default: 5e-4, description: expect.stringContaining('lost') })
  })
})

describe('schema.json', () => {
  it('is the schema of a run without plugins; vitest -u writes it', async () => {
    const text = `${JSON.stringify(await runSchema({ plugins: false }), null, 2)}\n`
    await expect(text).toMatchFileSnapshot('../schema.json')
  })
})
