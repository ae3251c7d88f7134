// Values of another realm, as test runners, notebooks and bundlers of servers make them with `vm` contexts: they are told by what they
// are, not by whose constructor made them.
import { join } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import {
  batchOf,
  core,
  dataset,
  engine,
  how,
  images,
  network,
  optimizer,
  Trainer,
  textOf,
  trainer,
  undisturbed,
} from './holding.mjs'
import { done, endsWith, holds, refused, requireOurs, same } from './judge.mjs'
import { ConvzooError, load } from './library.mjs'

export const kind = 'realms'

/** Another realm, where `given` are globals. */
const within = (code, given = {}) =>
  runInContext(`(${code})`, createContext({ ...given, AbortController, AbortSignal, setTimeout, structuredClone }))

/** A function of another realm that makes its own arrays of ours, objects and lists too. */
const foreign = within(`(value) => {
  const copy = (each) =>
    each === null || typeof each !== 'object' ? each
    : ArrayBuffer.isView(each) ? globalThis[Object.prototype.toString.call(each).slice(8, -1)].from(each)
    : typeof each[Symbol.iterator] === 'function' ? Array.from(each, copy)
    : Object.fromEntries(Object.entries(each).map(([name, one]) => [name, copy(one)]))
  return copy(value)
}`)

const data = await load('@convzoo/data')
const { openSafetensors, writeSafetensors } = await load('@convzoo/safetensors')
const { RunFolder, topClasses } = await load('@convzoo/trainer')

const taken = {
  'options of the Trainer': async () => {
    const made = new Trainer(
      foreign({ model: 0, engine: 0, optimizer: 0, seed: 1 }) &&
        Object.assign(foreign({ seed: 1 }), { model: network(), engine: engine(), optimizer: optimizer() }),
    )
    await made.fit(dataset(), foreign(how))
    same(await textOf(made.readState()), await undisturbed(), 'the weights')
  },
  'options of fit and evaluate': async () => {
    const made = trainer()
    await made.fit(dataset(), foreign(how))
    same((await made.evaluate(dataset(), foreign({ batchSize: 4 }))).samples, 8, 'samples')
  },
  'a dataset': async () => {
    const made = trainer()
    const given = Object.assign(foreign(dataset()), { batch: async (indices) => foreign(batchOf(indices)) })
    await made.fit(given, how)
    same(await textOf(made.readState()), await undisturbed(), 'the weights')
  },
  'a batch of a promise of another realm': async () => {
    const made = trainer()
    const promise = within('(value) => Promise.resolve(value)')
    await made.fit(dataset({ batch: (indices) => promise(foreign(batchOf(indices))) }), how)
    same(await textOf(made.readState()), await undisturbed(), 'the weights')
  },
  'images of a prediction': async () => {
    const made = trainer()
    same([...(await made.predict(foreign(images(3))))], [...(await made.predict(images(3)))], 'predictions')
  },
  weights: async () => {
    const made = trainer()
    await made.fit(dataset(), how)
    const before = await textOf(made.readWeights())
    const list = []
    for await (const tensor of made.readWeights()) list.push(tensor)
    const other = trainer()
    await other.writeWeights(foreign(list))
    same(await textOf(other.readWeights()), before, 'the weights')
  },
  'a generator of weights': async () => {
    const made = trainer()
    const generator = within('async function* (tensors) { for await (const tensor of tensors) yield tensor }')
    await made.writeWeights(generator(made.readWeights()))
  },
  'names of state': async () => {
    const made = trainer()
    same((await textOf(made.readState(foreign(made.state.map(({ name }) => name))))).length > 0, true, 'names')
  },
  classes: async () => {
    const made = trainer({ classes: foreign(['first', 'last']) })
    await made.fit(dataset(), how)
  },
  callbacks: async () => {
    const heard = []
    const made = trainer({
      callbacks: within('(hear) => [{ onStep: (record) => hear(record) }]')((record) => heard.push(record)),
    })
    await made.fit(dataset(), how)
    same(heard.length, 8, 'steps')
  },
  identity: async () => {
    trainer({ identity: foreign({ model: 'points' }) })
  },
  'workloads of prepare': () => trainer().prepare(foreign({ train: [{ samples: 8, batchSize: 4 }] })),
  'shapes and pairs of layers': async () => {
    const given = core.input({ shape: foreign([8, 8, 1]) })
    const x = core.conv2d({ filters: 2, kernelSize: foreign([3, 3]), strides: foreign([1, 1]) })(given)
    same(core.maxPool2d({ poolSize: foreign([2, 2]) })(x).shape, [3, 3, 2], 'the shape')
  },
  'a list of inputs of a layer': async () => {
    const given = core.input({ shape: [4] })
    same(core.add()(within('(...all) => [...all]')(given, given)).shape, [4], 'the shape')
  },
  'options of an optimizer': async () => {
    const schedule = foreign({ type: 'cosine', initial: 0.1, steps: 10, final: 0 })
    core.sgdw(foreign({ weightDecay: 0, learningRate: schedule, clipping: { norm: 1 } }))
  },
  'a pattern of names': async () => {
    core.sgdw({ weightDecay: 0.1, excludeFromWeightDecay: within('() => [/bias$/]')() })
  },
  'a schedule': async () => {
    core.parseSchedule(foreign({ type: 'piecewise', boundaries: [1], values: [1, 0.5] }))
    core.piecewise(foreign({ boundaries: [1], values: [1, 0.5] }))
  },
  'arrays of arrayDataset': async () => {
    const given = { images: new Uint8Array(8), shape: [2, 2, 1], labels: [0, 1] }
    const { length } = data.arrayDataset(
      Object.assign(foreign({ shape: [2, 2, 1], labels: [0, 1] }), { images: foreign(given.images) }),
    )
    same(length, 2, 'images')
  },
  'bytes of parseIdx': async () => {
    const { shape } = data.parseIdx(foreign(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 7)), 'labels')
    same(shape, [1], 'the shape')
  },
  'options of synthetic': async () => {
    data.synthetic(foreign({ shape: [4, 4, 1], classes: 2, length: 4 }))
  },
  'probabilities of topClasses': async () => {
    same(topClasses(foreign(Float32Array.of(0.25, 0.75)), 1), [{ index: 1, probability: 0.75 }], 'the classes')
  },
  'tensors of writeSafetensors': async (place) => {
    const path = join(place, 'a.safetensors')
    const tensor = foreign({ name: 'a', shape: [2], data: Float32Array.of(1, 2) })
    await writeSafetensors(path, {
      specs: foreign([{ name: 'a', shape: [2] }]),
      read: async function* () {
        yield tensor
      },
    })
    const file = await openSafetensors(path)
    const text = await textOf(file.read())
    await file.close()
    holds(text.startsWith('a '), 'It holds another tensor.')
  },
  'a configuration of a run': async (place) => {
    const run = await RunFolder.create(join(place, 'run'), {})
    await run.writeConfig(foreign({ model: 'points' }))
    same(await run.readConfig(), { model: 'points' }, 'the configuration')
  },
  'a model, of an architecture of another realm': async () => {
    const described = within(`(dense, flatten) => ({
      specification: 'architecture/v1', package: { name: 'far', version: '1.0.0' }, name: 'far', title: 'Far',
      paper: { title: 'Far', authors: [], year: 2000, url: 'https://example.org/' },
      tags: { only: { defaults: { input: [2, 2, 1], classes: 2 },
        preprocessing: { resize: 'bilinear', mean: [0], standardDeviation: [1] },
        build: ({ input, classes }) => dense({ units: classes, activation: 'softmax' })(flatten()(input)) } } })`)
    core.createModel(core.defineArchitecture(described(core.dense, core.flatten)))
  },
}

const whole = Object.entries(taken).map(([what, run]) => ({
  name: `${what} are taken`,
  run: (place) => done(() => run(place)),
}))

const signals = ['fit', 'evaluate'].map((method) => ({
  name: `a signal of another realm stops ${method}`,
  async run() {
    // As an implementation of one's own has it, by its members.
    const make = within(`() => {
      const heard = new Set()
      const signal = { aborted: false, reason: undefined, onabort: null,
        addEventListener: (_, hears) => heard.add(hears), removeEventListener: (_, hears) => heard.delete(hears),
        dispatchEvent: () => true, throwIfAborted() { if (this.aborted) throw this.reason } }
      return { signal, abort: (reason) => { signal.aborted = true; signal.reason = reason
        for (const hears of heard) (typeof hears === 'function' ? hears : hears.handleEvent)({ type: 'abort', target: signal }) } }
    }`)
    const { signal, abort } = make()
    const reason = new Error('enough')
    const given = dataset({
      batch: async (indices) => {
        abort(reason)
        return batchOf(indices)
      },
    })
    const made = trainer()
    if (method === 'fit') same((await done(() => made.fit(given, { ...how, signal }))).completed, false, 'completed')
    else await endsWith(() => made.evaluate(given, { batchSize: 4, signal }), reason)
  },
}))

const errors = [
  {
    name: 'an error of ours in another realm is known',
    async run() {
      const made = within(
        `(fields, marker) => Object.assign(new Error(fields.message), fields, { name: 'ConvzooError', [marker]: true })`,
      )
      const error = made({ kind: 'file', message: 'Gone.' }, Symbol.for('convzoo.error/v1'))
      holds(ConvzooError.isInstance(error), 'It is not known.')
    },
  },
  ...[`new Error('no')`, `({ kind: 'file' })`, 'undefined', 'null'].map((code) => ({
    name: `an error that is not ours is not taken for one: ${code}`,
    async run() {
      holds(!ConvzooError.isInstance(within(code)), 'It is taken for ours.')
    },
  })),
  {
    name: 'an error of another realm that a callback throws is what is seen',
    async run() {
      const error = within(`new TypeError('far')`)
      await endsWith(() => trainer({ callbacks: [{ onStep: () => Promise.reject(error) }] }).fit(dataset(), how), error)
    },
  },
]

const refusals = {
  'doubles in the place of images': [() => trainer().predict(foreign(new Float64Array(4))), 'option'],
  'a list in the place of images': [() => trainer().predict(foreign([0, 0, 0, 0])), 'option'],
  'a list of options': [() => trainer().fit(dataset(), foreign([])), 'option'],
  'a misspelt option': [() => trainer().fit(dataset(), foreign({ ...how, epoch: 1 })), 'option'],
  'another shape of a tensor': [
    () => trainer().writeWeights(foreign([{ name: 'a', shape: [1], data: new Float32Array(1) }])),
    'state',
  ],
}

const not = Object.entries(refusals).map(([what, [work, kinds]]) => ({
  name: `${what} of another realm is refused`,
  run: () => refused(work, { kinds }),
}))

const whole2 = {
  name: 'the library in a realm of its own knows the errors of another copy',
  async run() {
    const foreignError = within(`(Base) => class extends Base {}`)(core.ConvzooError)
    const error = new foreignError({ kind: 'data', message: 'Odd.' })
    requireOurs(error, { kinds: 'data' })
  },
}

export const cases = [...whole, ...signals, ...errors, ...not, whole2]
