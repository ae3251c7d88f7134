// Training runs that are configured, resumed, opened and used wrongly. Where all is right but the data, which are nowhere, a training is
// refused for them alone: so what is wrong before is told from what was taken.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { aRun, opened, silent } from './a-run.mjs'
import { isExpected, isObject } from './expected.mjs'
import { allRight, done, faultOf, holds, outcomeOf, refused, same } from './judge.mjs'
import { load } from './library.mjs'
import { oddValues, own } from './odd-values.mjs'

const { openRun, resume, train } = await load('@convzoo/run')
const config = await load('@convzoo/run/config')

export const kind = 'runs'

const nowhere = 'nowhere/to/be/found'
const right = { network: 'alexnet', data: nowhere }

/** A training of these sections, which ends where its data are not. */
const attempt = (sections, options = {}) =>
  outcomeOf(() => train({ ...right, ...sections }, { folder: 'run', ...silent, ...options }), 'train')

/** Whether a training was refused for its data alone. */
const isTaken = ({ error }) => error?.kind === 'file' && error.message.includes('nowhere')

const sections = Object.fromEntries(
  ['network', 'data', 'training', 'checkpoints', 'schedule', 'engine'].map((name) => [
    name,
    config[`${name}Section`].kinds,
  ]),
)

const empty = ['undefined', 'an empty object', 'an object without a prototype']

/** What says nothing, or only a name. */
const fine = {
  network: ['a text'],
  data: ['a text'],
  callbacks: ['undefined', 'an empty list'],
  metrics: ['undefined', 'an empty list'],
  // Another program of this process may have defined one of this name.
  schedule: ['a text', ...empty],
}

const whole = config.sectionNames.map((section) => ({
  name: `train: section ${section}`,
  async run() {
    const faults = []
    for (const [what, value] of Object.entries(oddValues())) {
      const outcome = await attempt({ [section]: value })
      const isFine = (fine[section] ?? empty).includes(what)
      const wrong = isTaken(outcome) && !isFine ? 'taken' : undefined
      faults.push([what, ('error' in outcome ? faultOf(outcome, own) : 'trained') ?? wrong])
    }
    allRight(faults)
  },
}))

const withSetting = (section, name, value) => {
  const base = { network: { id: 'alexnet' }, data: { source: nowhere } }[section]
  return { [section]: { ...base, [name]: value } }
}

const settings = Object.entries(sections).flatMap(([section, kinds]) =>
  Object.keys(kinds).map((name) => ({
    name: `train: setting ${section}.${name}`,
    async run() {
      const { error: told } = await attempt(withSetting(section, name, Symbol('none')))
      holds(told?.kind === 'option' && told.message.includes(name), `A symbol: ${told?.message ?? 'it was taken'}`)
      const faults = []
      for (const [what, value] of Object.entries(oddValues())) {
        const outcome = await attempt(withSetting(section, name, value))
        const isFine = value === undefined || isExpected(value, told.expected)
        const wrong = isTaken(outcome) && !isFine ? `taken, where ${told.expected} is expected` : undefined
        faults.push([what, ('error' in outcome ? faultOf(outcome, own) : 'trained') ?? wrong])
      }
      allRight(faults)
    },
  })),
)

const choices = ['optimizer', 'loss', 'schedule', 'engine']
const names = [
  'unheard',
  'constructor',
  '__proto__',
  'toString',
  'sgd\u001b[2J',
  'a\nb',
  ' ',
  'x'.repeat(1e5),
  '../sgd',
]

const unknown = [
  ...choices.flatMap((section) =>
    names.map((name) => ({
      name: `train: ${section} ${JSON.stringify(name).slice(0, 30)}, which nothing is called`,
      async run() {
        await refused(() => train({ ...right, [section]: name }, silent), { kinds: 'option' })
        await refused(() => train({ ...right, [section]: { name } }, silent), { kinds: 'option' })
        const given = JSON.parse(`{ "network": "alexnet", "data": "nowhere", "${section}": { "__proto__": 1 } }`)
        await refused(() => train(given, silent), { kinds: 'option' })
      },
    })),
  ),
  ...names.map((name) => ({
    name: `train: callback ${JSON.stringify(name).slice(0, 30)}, which nothing is called`,
    run: () => refused(() => train({ ...right, callbacks: [name] }, silent), { kinds: 'option' }),
  })),
]

/** An option of another kind, or of another thing. */
const others = Object.entries({
  'an optimizer with an option of another': [{ optimizer: { name: 'sgdw', beta1: 0.9 } }, 'beta1'],
  'an optimizer with a text for a number': [{ optimizer: { name: 'sgdw', momentum: '0.9' } }, 'momentum'],
  'an optimizer with a rate below 0': [{ optimizer: { name: 'adamW', learningRate: -1 } }, 'learningRate'],
  'clipping of no size': [{ optimizer: { name: 'sgdw', clipping: { norm: 0 } } }, 'clipping'],
  'a loss with an option of nobody': [{ loss: { name: 'categoricalCrossentropy', smoothing: 1 } }, 'smoothing'],
  'a loss that smooths too much': [{ loss: { name: 'categoricalCrossentropy', labelSmoothing: 2 } }, 'labelSmoothing'],
  'a schedule with an option of another': [{ schedule: { name: 'cosine', gamma: 0.1 } }, 'gamma'],
  'a schedule with a list for a number': [{ schedule: { name: 'stepDecay', every: [1] } }, 'every'],
  'an engine with an option of nobody': [{ engine: { name: 'onnx', thread: 2 } }, 'thread'],
  'a callback with a misspelt option': [{ callbacks: [{ name: 'earlyStopping', patienc: 3 }] }, 'patienc'],
  'a callback with a patience of a text': [{ callbacks: [{ name: 'earlyStopping', patience: '3' }] }, 'patience'],
  'an average that is none': [{ training: { average: 2 } }, 'average'],
  'a section that there is not': [{ trainin: { epochs: 2 } }, 'trainin'],
  'a flat configuration': [{ epochs: 2 }, 'epochs'],
}).map(([what, [given, name]]) => ({
  name: `train: ${what}`,
  run: () => refused(() => train({ ...right, ...given }, silent), { kinds: 'option', names: name }),
}))

const listed = [
  ...Object.entries({ 'a number': 5, null: null, 'a list': ['earlyStopping'], 'no name': {}, 'a function': () => 1 }),
].map(([what, callback]) => ({
  name: `train: callbacks that hold ${what}`,
  run: () => refused(() => train({ ...right, callbacks: [callback] }, silent), { kinds: 'option', names: 'callback' }),
}))

const functions = {
  train: (options) => train(right, options),
  resume: (options) => resume(nowhere, options),
  openRun: (options) => openRun(nowhere, options),
}
const optionsOf = {
  train: ['folder', 'callbacks', 'signal', 'onLog', 'onWarning', 'onProgress', 'onEvent'],
  resume: ['changes', 'allowChangedData', 'callbacks', 'signal', 'onLog', 'onWarning', 'onProgress', 'onEvent'],
  openRun: ['engine', 'onLog', 'onWarning', 'onProgress', 'onEvent'],
}

const isText = (value) => typeof value === 'string'

/** Values that are right so far: what they name, or hold, is looked at once the run is open. */
const later = {
  folder: (value) => isText(value) && value !== '',
  engine: (value) => isText(value) || isObject(value),
  changes: isObject,
}

const options = Object.entries(optionsOf).flatMap(([called, all]) =>
  all.map((name) => ({
    name: `${called}: option ${name}`,
    async run() {
      const call = functions[called]
      const { error: told } = await outcomeOf(() => call({ [name]: Symbol('none') }), called)
      holds(told?.kind === 'option' && told.message.includes(name), `A symbol: ${told?.message ?? 'it was taken'}`)
      const faults = []
      for (const [what, value] of Object.entries(oddValues())) {
        const outcome = await outcomeOf(() => call({ [name]: value }), called)
        const isFine = value === undefined || isExpected(value, told.expected) || later[name]?.(value) === true
        const wrong = isTaken(outcome) && !isFine ? `taken, where ${told.expected} is expected` : undefined
        faults.push([what, ('error' in outcome ? faultOf(outcome, own) : 'done') ?? wrong])
      }
      allRight(faults)
    },
  })),
)

/** What is no folder of a run. */
const noRuns = {
  'nothing there': () => undefined,
  'an empty folder': (path) => mkdirSync(path),
  'a file': (path) => writeFileSync(path, '{}'),
  'a folder with a configuration of nothing': (path) => {
    mkdirSync(path)
    writeFileSync(join(path, 'config.json'), '{}')
  },
  'a folder with a configuration that is a list': (path) => {
    mkdirSync(path)
    writeFileSync(join(path, 'config.json'), '[]')
  },
}

const folders = Object.entries(noRuns).flatMap(([what, make]) =>
  Object.entries({ resume, openRun }).map(([called, call]) => ({
    name: `${called}: ${what}`,
    async run(place) {
      const path = join(place, 'a\u001b[2Jrun')
      make(path)
      await refused(() => call(path, silent), { kinds: ['file', 'option', 'state'] })
    },
  })),
)

const changes = [
  ...config.sectionNames.map((section) => ({
    name: `resume: a change of ${section}`,
    async run() {
      const { folder } = await aRun()
      const faults = []
      for (const [what, value] of Object.entries(oddValues())) {
        const outcome = await outcomeOf(() => resume(folder, { changes: { [section]: value }, ...silent }), 'resume')
        const isFine = empty.includes(what) || (['callbacks', 'metrics'].includes(section) && what === 'an empty list')
        const wrong = 'error' in outcome || isFine ? undefined : 'taken'
        faults.push([what, 'error' in outcome ? faultOf(outcome, own) : wrong])
      }
      allRight(faults)
    },
  })),
  ...Object.entries({
    'a section that there is not': [{ trainin: { epochs: 2 } }, 'trainin'],
    'a setting that there is not': [{ training: { epoch: 2 } }, 'epoch'],
    'a setting of the network that there is not': [{ network: { idd: 'nin' } }, 'idd'],
    'another network': [{ network: 'alexnet' }, 'network'],
    'another input': [{ network: { input: [69, 69, 3] } }, 'input'],
    'another batch size': [{ training: { batchSize: 2 } }, 'batch-size'],
    'another seed': [{ training: { seed: 9 } }, 'seed'],
  }).map(([what, [given, name]]) => ({
    name: `resume: ${what}`,
    run: async () => refused(async () => resume((await aRun()).folder, { changes: given, ...silent }), { names: name }),
  })),
]

const input = 67 * 67 * 3

const uses = {
  'a path that is not there': (run) => run.predict(['nowhere.jpg']),
  'no paths': (run) => run.predict([]),
  'half an image': (run) => run.predict(new Float32Array(input / 2)),
  'an image of bytes': (run) => run.predict(new Uint8Array(input)),
  'an image of doubles': (run) => run.predict(new Float64Array(input)),
  'a top of nothing': (run) => run.predict(new Float32Array(input), { top: 0 }),
  'a sample that there is not': (run) => run.predictSamples({ index: [1e9] }),
  'a split that there is not': (run) => run.predictSamples({ split: 'odd' }),
  'samples of nowhere': (run) => run.predictSamples({ data: nowhere }),
  'an evaluation of nowhere': (run) => run.evaluate(nowhere),
  'an evaluation of a split that there is not': (run) => run.evaluate(undefined, { split: 'odd' }),
  'an evaluation of a test split where there is none': (run) => run.evaluate(undefined, { split: 'test' }),
  'another number of crops': (run) => run.evaluate(undefined, { crops: 'two' }),
  'a trainer with a misspelt option': (run) => run.trainer({ sead: 1 }),
  'a trainer of another network': (run) => run.trainer({ model: 7 }),
}

const opening = Object.entries(uses).map(([what, use]) => ({
  name: `Run: ${what}`,
  async run() {
    const run = await opened()
    await refused(() => use(run))
    await done(() => run.dispose(), 'dispose')
  },
}))

const works = {
  predict: (run) => run.predict(new Float32Array(input)),
  predictSamples: (run) => run.predictSamples(),
  evaluate: (run) => run.evaluate(),
}

const lives = [
  ...Object.entries(works).flatMap(([name, work]) => [
    {
      name: `Run: ${name} after dispose`,
      async run() {
        for (const isUsed of [false, true]) {
          const run = await opened()
          if (isUsed) await done(() => work(run), name)
          await done(() => run.dispose(), 'dispose')
          await done(() => run.dispose(), 'the second dispose')
          await refused(() => work(run), { kinds: 'state' })
        }
      },
    },
    {
      name: `Run: dispose during ${name}`,
      async run() {
        const run = await opened()
        const outcome = outcomeOf(() => work(run), name)
        await done(() => run.dispose(), 'dispose')
        const ended = await outcome
        if ('error' in ended) holds(faultOf(ended, own) === undefined, `It ended with ${ended.error?.stack}`)
      },
    },
  ]),
  {
    name: 'Run: all at once',
    async run() {
      const run = await opened()
      const all = () => Promise.all(Object.values(works).map((work) => work(run)))
      const [[predicted], [sample], evaluated] = await done(all, 'all at once')
      const again = await opened()
      const apart = [await works.predict(again), await works.predictSamples(again), await works.evaluate(again)]
      same([predicted, sample, evaluated.top1], [apart[0][0], apart[1][0], apart[2].top1], 'what was found')
      await Promise.all([run.dispose(), again.dispose()])
    },
  },
  {
    name: 'train: a signal that was given before',
    async run(place) {
      const { data } = await aRun()
      const folder = join(place, 'run')
      const given = { network: { id: 'nin', input: '67x67x3' }, data: { source: data }, engine: 'onnx' }
      const result = await done(() => train(given, { folder, signal: AbortSignal.abort(), ...silent }), 'train')
      holds(result === undefined, 'Something was trained.')
    },
  },
  {
    name: 'train: two into one folder',
    async run(place) {
      const { data } = await aRun()
      const folder = join(place, 'run')
      const given = { network: { id: 'nin', input: '67x67x3' }, data: { source: data, limit: 4 }, engine: 'onnx' }
      const both = await Promise.all([1, 2].map(() => outcomeOf(() => train(given, { folder, ...silent }), 'train')))
      const ended = both.filter((each) => !('error' in each))
      holds(ended.length === 1, `${ended.length} of two trained: ${both.map(({ error }) => error?.message).join('\n')}`)
      const failed = both.find((each) => 'error' in each)
      holds(faultOf(failed, own) === undefined, `It ended with ${failed.error?.stack}`)
    },
  },
  {
    name: 'train: a signal within a callback, twice',
    async run(place) {
      const { data } = await aRun()
      const folder = join(place, 'run')
      const controller = new AbortController()
      const given = { network: { id: 'nin', input: '67x67x3' }, data: { source: data }, engine: 'onnx' }
      const onStep = (_, context) => {
        controller.abort()
        controller.abort(new Error('again'))
        context.stop('and stopped')
        context.stop()
      }
      const callbacks = [{ onStep }]
      const result = await done(() => train(given, { folder, signal: controller.signal, callbacks, ...silent }))
      holds(result?.completed === false, 'It was completed.')
      const again = await done(() => resume(folder, silent), 'resume')
      holds(again.completed, 'It did not go on.')
    },
  },
]

export const cases = [
  ...whole,
  ...settings,
  ...unknown,
  ...others,
  ...listed,
  ...options,
  ...folders,
  ...changes,
  ...opening,
  ...lives,
]
