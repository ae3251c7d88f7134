import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { interpreterEngine } from '@convzoo/core/engine'
import { afterAll, describe, expect, it } from 'vitest'
import { describeOptions } from '../../../tools/option-face.js'
import * as browser from './browser.js'
import * as entry from './index.js'
import { Trainer } from './node-trainer.js'
import { dataset, network, optimizer } from './testing/brighter.js'

const folder = mkdtempSync(join(tmpdir(), 'convzoo-options-'))
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

const engine = interpreterEngine()
const made = () => new Trainer({ model: network(), engine, optimizer: optimizer() })

const metricParts = {
  specification: 'metric/v1',
  name: 'zero',
  title: 'zero',
  options: {},
  create: () => ({ begin: () => ({ add: () => undefined, result: () => 0 }) }),
} as const

/** What both entries have. */
const casesOf = (face: typeof entry | typeof browser): Readonly<Record<string, (unknown: object) => unknown>> => {
  const trainer = () => new face.Trainer({ model: network(), engine, optimizer: optimizer() })
  return {
    Trainer: (unknown) => new face.Trainer({ model: network(), engine, ...unknown }),
    'Trainer.prepare': (unknown) => trainer().prepare({ ...unknown }),
    'Trainer.fit': (unknown) => trainer().fit(dataset(), { epochs: 1, batchSize: 4, ...unknown }),
    'Trainer.evaluate': (unknown) => trainer().evaluate(dataset(), { batchSize: 4, ...unknown }),
    'Trainer.writeWeights': (unknown) => trainer().writeWeights([], { ...unknown }),
    'Trainer.readWeights': (unknown) => trainer().readWeights({ ...unknown }),
    'Trainer.predict': (unknown) => trainer().predict(new Float32Array(4), { ...unknown }),
    checkpoints: (unknown) => face.checkpoints({ folder: () => undefined, ...unknown }),
    earlyStopping: (unknown) => face.earlyStopping({ patience: 1, ...unknown }),
    keepBest: (unknown) => face.keepBest({ path: 'best.safetensors', ...unknown }),
    progress: (unknown) => face.progress({ tell: () => undefined, ...unknown }),
    recorder: (unknown) => face.recorder({ write: () => undefined, ...unknown }),
    reduceOnPlateau: (unknown) => face.reduceOnPlateau({ ...unknown }),
    waitMeter: (unknown) => face.waitMeter({ ...unknown }),
    balancedAccuracy: (unknown) => face.balancedAccuracy({ ...unknown }),
    calibrationError: (unknown) => face.calibrationError({ ...unknown }),
    defineMetric: (unknown) => face.defineMetric({ ...metricParts, ...unknown }),
    f1: (unknown) => face.f1({ ...unknown }),
    precision: (unknown) => face.precision({ ...unknown }),
    recall: (unknown) => face.recall({ ...unknown }),
    topK: (unknown) => face.topK({ ...unknown }),
    prefetch: (unknown) => face.prefetch([], { ...unknown }),
  }
}

const withoutOptions = {
  'takes its arguments one by one': [
    'Trainer.saveCheckpoint',
    'Trainer.loadCheckpoint',
    'Trainer.readState',
    'Trainer.dispose',
    'classScores',
    'confusions',
    'topClasses',
    'checkpointBytes',
  ],
}

describeOptions('@convzoo/trainer', {
  exports: entry,
  cases: {
    ...casesOf(entry),
    'RunFolder.writeCheckpoint': async (unknown) => {
      const run = await entry.RunFolder.create(join(folder, 'run'), { any: 'thing' })
      return run.writeCheckpoint(made(), { ...unknown })
    },
  },
  without: {
    ...withoutOptions,
    'takes a path, or what is written as it is': [
      'RunFolder',
      'RunFolder.create',
      'RunFolder.requireFree',
      'RunFolder.open',
      'RunFolder.files',
      'RunFolder.lock',
      'RunFolder.isLocked',
      'RunFolder.writeConfig',
      'RunFolder.readConfig',
      'RunFolder.readMeanImage',
      'RunFolder.readWhitening',
      'RunFolder.writeEnvironment',
      'RunFolder.writeConfusion',
      'RunFolder.writeMistakes',
      'RunFolder.readMistakes',
      'RunFolder.writePicture',
      'RunFolder.writeFilters',
      'RunFolder.readFilters',
      'RunFolder.history',
      'RunFolder.record',
      'RunFolder.writeWeights',
      'RunFolder.readWeights',
      'RunFolder.finishedScore',
      'RunFolder.newestWeights',
      'RunFolder.keepBest',
      'RunFolder.checkpoints',
      'RunFolder.resume',
    ],
  },
})

describeOptions('@convzoo/trainer/browser', { exports: browser, cases: casesOf(browser), without: withoutOptions })

/** What the compiler does not see, as a JavaScript user could pass it. */
const unchecked = (value: unknown) => value as never

describe('an option of the Trainer', () => {
  const valid = { model: network(), engine }

  it.each([
    ['model', undefined, 'a model, such as createModel'],
    ['model', 'alexnet', 'a model, such as createModel'],
    ['engine', undefined, 'an engine, such as onnx'],
    ['engine', interpreterEngine, 'an engine, such as onnx'],
    ['optimizer', optimizer, 'an optimizer, such as sgdw'],
    ['optimizer', 'sgdw', 'an optimizer, such as sgdw'],
    ['loss', 'mse', 'a loss, such as categoricalCrossentropy'],
    ['average', 0.999, 'how averages are kept'],
    ['microBatchSize', 0, 'a whole number of at least 1'],
    ['parameterGroups', [], 'groups of weights'],
    ['classWeights', 'even', 'balanced, or numbers'],
    ['classWeights', { first: -1 }, 'balanced, or numbers'],
    ['storage', 'int8', 'one of "float32", "bfloat16", "float16"'],
    ['seed', -1, 'a whole number of at least 0'],
    ['seed', 1.5, 'a whole number of at least 0'],
    ['identity', { id: 1 }, 'an object of texts'],
    ['classes', 'cat', 'a list of names'],
    ['callbacks', () => {}, 'a list of callbacks'],
    ['callbacks', [{ onStep: 'later' }], 'a list of callbacks'],
    ['callbacks', [entry.earlyStopping], 'call it: callbacks: [earlyStopping({ … })]'],
    ['log', 'log', 'a function'],
  ])('"%s" that cannot be used is named: %j', (name, value, expected) => {
    const make = () => new Trainer(unchecked({ ...valid, [name]: value }))
    expect(make).toThrow(`The option "${name}" of Trainer has a value that cannot be used.`)
    expect(make).toThrow(expected)
  })

  it('is needed', () => {
    expect(() => new Trainer(unchecked(undefined))).toThrow('The option "model" of Trainer')
    expect(() => new Trainer(unchecked('alexnet'))).toThrow('The options of Trainer are not an object.')
  })

  it('that was mistyped is known by the nearest name, and one of core alone is unknown', () => {
    expect(() => new Trainer(unchecked({ ...valid, optimiser: optimizer() }))).toThrow('did you mean optimizer?')
    expect(() => new Trainer(unchecked({ ...valid, accumulation: true }))).toThrow(
      'Trainer has no option "accumulation"',
    )
  })

  it('"engine" of another contract is refused by its specification', () => {
    const later = { ...engine, specification: 'engine/v9' }
    expect(() => new Trainer(unchecked({ ...valid, engine: later }))).toThrow('specification "engine/v1"')
  })
})

describe('an option of a method', () => {
  it.each([
    ['validationSplit', 0.2],
    ['batchsize', 8],
  ])('of fit is refused: %s', async (name, value) => {
    await using trained = made()
    await expect(trained.fit(dataset(), unchecked({ epochs: 1, batchSize: 4, [name]: value }))).rejects.toThrow(
      `fit has no option "${name}"`,
    )
  })

  it.each([
    ['epochs', 0],
    ['batchSize', 2.5],
    ['sampling', 'even'],
    ['validation', []],
    ['validateEvery', 0],
    ['validationBatchSize', '4'],
    ['validationWeights', 'mean'],
    ['onValidated', true],
    ['allowChangedData', 'yes'],
    ['allowChangedData', 1],
    ['signal', {}],
  ])('"%s" of fit is checked: %j', async (name, value) => {
    await using trained = made()
    await expect(trained.fit(dataset(), unchecked({ epochs: 1, batchSize: 4, [name]: value }))).rejects.toThrow(
      `The option "${name}" of fit`,
    )
  })

  it.each([
    ['batchSize', 0],
    ['mistakes', 0],
    ['views', 11],
    ['weights', 'averages'],
    ['onEvaluated', 1],
    ['signal', 'now'],
  ])('"%s" of evaluate is checked: %j', async (name, value) => {
    await using trained = made()
    await expect(trained.evaluate(dataset(), unchecked({ batchSize: 4, [name]: value }))).rejects.toThrow(
      `The option "${name}" of evaluate`,
    )
  })

  it('of predict and prepare is checked', async () => {
    await using trained = made()
    await expect(trained.predict(new Float32Array(4), { batchSize: 0 })).rejects.toThrow('"batchSize" of predict')
    await expect(trained.predict(unchecked([1, 2, 3, 4]))).rejects.toThrow('"images" of predict')
    await expect(trained.prepare(unchecked({ accumulate: [] }))).rejects.toThrow('prepare has no option "accumulate"')
    await expect(trained.prepare(unchecked({ train: [{ samples: 4 }] }))).rejects.toThrow(/"batchSize" of a workload/)
  })

  it('that is no dataset is refused by name', async () => {
    await using trained = made()
    await expect(trained.fit(unchecked(undefined), { epochs: 1, batchSize: 4 })).rejects.toThrow('"dataset"')
    await expect(trained.evaluate(unchecked('mnist'), { batchSize: 4 })).rejects.toThrow('"dataset"')
  })
})
