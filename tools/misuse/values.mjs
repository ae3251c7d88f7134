// Values that are of the right type and cannot be meant: what is taken has to work to the end, through a checkpoint and back.
import { join } from 'node:path'
import { inspect } from 'node:util'
import { core, dataset, engine, how, images, network, optimizer, Trainer, textOf, trainer } from './holding.mjs'
import { done, holds, outcomeOf, refused, requireOurs, same } from './judge.mjs'
import { load } from './library.mjs'

export const kind = 'values'

const { onnx } = await load('@convzoo/engine-onnx')
const { tfjs } = await load('@convzoo/engine-tfjs')

const texts = {
  'an empty text': '',
  __proto__: '__proto__',
  constructor: 'constructor',
  'half a pair': '\ud800',
  'a zero character': 'a\u0000b',
  'a line break': 'a\nb',
  'a quotation mark': '"',
  'a slash': 'a/b',
  'a composed letter': 'é',
  'a decomposed letter': 'é'.normalize('NFD'),
  'a million letters': 'x'.repeat(1e6),
  'ten million letters': 'x'.repeat(1e7),
}

/** Names of what a trainer itself writes into a checkpoint. */
const reserved = [
  'seed',
  'optimizer',
  'loss',
  'format',
  'position',
  'totals',
  'settings',
  'classes',
  'data',
  'environment',
  'batchSize',
]

/** A trainer is refused, or its checkpoint is read by one like it, and by no other. */
async function keeps(place, make, other) {
  const outcome = await outcomeOf(async () => make())
  if ('error' in outcome) return requireOurs(outcome.error, { kinds: 'option' })
  const made = outcome.value
  const path = join(place, 'a.safetensors')
  await done(() => made.fit(dataset(), { ...how, epochs: 1 }))
  await done(() => made.saveCheckpoint(path), 'saveCheckpoint of what was taken')
  const again = make()
  await done(() => again.loadCheckpoint(path), 'loadCheckpoint of its own checkpoint')
  same(await textOf(again.readState()), await textOf(made.readState()), 'the state that was loaded')
  if (other !== undefined) await refused(() => other().loadCheckpoint(path), { kinds: 'state' })
}

const identities = [
  ...Object.entries(texts).flatMap(([what, text]) => [
    {
      name: `trainer: an identity whose name is ${what}`,
      run: (place) =>
        keeps(
          place,
          () => trainer({ identity: Object.fromEntries([[text, 'one']]) }),
          () => trainer({ identity: Object.fromEntries([[text, 'two']]) }),
        ),
    },
    {
      name: `trainer: an identity whose value is ${what}`,
      run: (place) =>
        keeps(
          place,
          () => trainer({ identity: { model: text } }),
          () => trainer({ identity: { model: 'two' } }),
        ),
    },
  ]),
  ...reserved.map((name) => ({
    name: `trainer: an identity called ${name}`,
    run: (place) =>
      keeps(
        place,
        () => trainer({ identity: { [name]: 'one' } }),
        () => trainer({ identity: { [name]: 'two' } }),
      ),
  })),
  {
    name: 'trainer: an identity that is changed later',
    async run(place) {
      const identity = { model: 'one' }
      const made = trainer({ identity })
      identity.model = 'two'
      const path = join(place, 'a.safetensors')
      await made.saveCheckpoint(path)
      await done(() => trainer({ identity: { model: 'one' } }).loadCheckpoint(path))
    },
  },
]

const classes = Object.entries(texts).map(([what, text]) => ({
  name: `trainer: a class whose name is ${what}`,
  async run(place) {
    const names = [text, 'last']
    const given = outcomeOf(async () => {
      const made = trainer({ classes: names })
      await made.fit(dataset({ classes: names }), { ...how, epochs: 1 })
      const path = join(place, 'a.safetensors')
      await made.saveCheckpoint(path)
      const again = trainer()
      await again.loadCheckpoint(path)
      return again.classes
    })
    const outcome = await given
    if ('error' in outcome) requireOurs(outcome.error, { kinds: ['option', 'data', 'file'] })
    else same(outcome.value, names, 'the classes that were loaded')
  },
}))

const layers = Object.entries(texts).map(([what, text]) => ({
  name: `core: a layer whose name is ${what}`,
  async run(place) {
    await keeps(place, () => {
      const given = core.input({ shape: [2, 2, 1] })
      const output = core.dense({ units: 2, activation: 'softmax', name: text })(core.flatten()(given))
      return trainer({ model: core.functionalModel({ inputs: given, output }) })
    })
  },
}))

const given = (shape = [8, 8, 1]) => core.input({ shape })

/** What is refused as an option, and by which name. */
const refusals = {
  'core: labelSmoothing': [
    [-1, 1, 2, Number.NaN, Infinity],
    (value) => core.categoricalCrossentropy({ labelSmoothing: value }),
  ],
  'core: learningRate of sgdw': [
    [-1, Number.NaN, Infinity],
    (value) => core.sgdw({ weightDecay: 0, learningRate: value }),
  ],
  'core: a schedule of sgdw': [
    [
      { type: 'constant', value: -0.1 },
      { type: 'cosine', initial: -1, steps: 4 },
      { type: 'cosine', initial: 1, steps: 4, final: -1 },
      { type: 'polynomial', initial: 1, steps: 4, final: -1 },
      { type: 'polynomial', initial: 1, steps: 0 },
      { type: 'exponential', initial: 1, gamma: -0.5 },
      { type: 'piecewise', boundaries: [1], values: [1, -1] },
      { type: 'stepDecay', initial: 1, every: 1, gamma: Number.NaN },
      { type: 'warmUp', steps: 1, schedule: -1 },
      { type: 'warmUp', steps: 1, schedule: { type: 'constant', value: Number.NaN } },
      { type: 'of nobody' },
      { value: 1 },
      () => 0.1,
    ],
    (value) => core.sgdw({ weightDecay: 0, learningRate: value }),
  ],
  'core: momentum of sgdw': [
    [-0.1, 1.1, Number.NaN, Infinity],
    (value) => core.sgdw({ weightDecay: 0, momentum: value }),
  ],
  'core: weightDecay of sgdw': [[-0.1, Number.NaN, Infinity], (value) => core.sgdw({ weightDecay: value })],
  'core: beta1 of adamW': [[-0.1, 1, Number.NaN], (value) => core.adamW({ beta1: value })],
  'core: norm of clipping': [
    [-1, 0, Number.NaN, Infinity],
    (value) => core.sgdw({ weightDecay: 0, clipping: { norm: value } }),
  ],
  'core: classes of a functionalModel that gives 2': [
    [7, 1, -1, 1.5, Number.NaN, Infinity],
    (value) => {
      const inputs = given([2, 2, 1])
      const output = core.dense({ units: 2, activation: 'softmax' })(core.flatten()(inputs))
      return core.functionalModel({ inputs, output, classes: value })
    },
  ],
  'core: shape of input': [
    [[0], [-1], [1.5], [Number.NaN], [Infinity], [2 ** 31, 2 ** 31, 3], []],
    (value) => {
      const inputs = core.input({ shape: value })
      return core.functionalModel({ inputs, output: core.dense({ units: 2 })(core.flatten()(inputs)) })
    },
  ],
  'core: units of dense': [[0, -1, 1.5, 2 ** 53], (value) => core.dense({ units: value })(core.flatten()(given()))],
  'core: rate of dropout': [[-0.1, 1, 1.1, Number.NaN], (value) => core.dropout({ rate: value })(given())],
  'core: groups of conv2d': [
    [0, 2, 1.5],
    (value) => core.conv2d({ filters: 3, kernelSize: 1, groups: value })(given()),
  ],
  'core: kernelSize of conv2d': [[0, 9, 1e9], (value) => core.conv2d({ filters: 1, kernelSize: value })(given())],
  'core: strides of conv2d': [
    [0, -1, 0.5],
    (value) => core.conv2d({ filters: 1, kernelSize: 1, strides: value })(given()),
  ],
  'core/engine: poolSize of maxPool2d': [[0, 9, -1], (value) => core.maxPool2d({ poolSize: value })(given())],
  'trainer: seed': [[-1, 1.5, Number.NaN, Infinity, 2 ** 53, 1e300], (value) => trainer({ seed: value })],
  'trainer: batchSize': [
    [0, -1, 1.5, Number.NaN, Infinity],
    (value) => trainer().fit(dataset(), { ...how, batchSize: value }),
  ],
  'trainer: epochs': [
    [0, -1, 1.5, Number.NaN, Infinity],
    (value) => trainer().fit(dataset(), { ...how, epochs: value }),
  ],
  'trainer: validateEvery': [
    [0, -1, 1.5, Infinity],
    (value) => trainer().fit(dataset(), { ...how, validateEvery: value }),
  ],
  'trainer: mistakes': [
    [0, -1, 1.5, Infinity],
    (value) => trainer().evaluate(dataset(), { batchSize: 4, mistakes: value }),
  ],
  'trainer: views': [[0, 11, 1.5], (value) => trainer().evaluate(dataset(), { batchSize: 4, views: value })],
  'trainer: samples of a workload': [
    [-1, 1.5, Number.NaN, Infinity],
    (value) => trainer().prepare({ predict: [{ samples: value, batchSize: 1 }] }),
  ],
  'trainer: signal': [
    [new AbortController(), { aborted: false }, new EventTarget()],
    (value) => trainer().fit(dataset(), { ...how, signal: value }),
  ],
  'trainer: engine': [[onnx, { ...engine(), specification: 'engine/v9' }], (value) => trainer({ engine: value })],
  'trainer: optimizer': [[core.sgdw, {}, { name: 'odd' }], (value) => trainer({ optimizer: value })],
  'trainer: loss': [[core.categoricalCrossentropy, {}, { name: 'odd' }], (value) => trainer({ loss: value })],
  'trainer: model': [
    [network, {}, core.input({ shape: [2, 2, 1] }), core.dense({ units: 2 })],
    (value) => trainer({ model: value }),
  ],
  'engine-onnx: threads': [[0, -1, 1.5, 100_000, 1e9], (value) => onnx({ threads: value })],
  'engine-tfjs: threads': [[0, -1, 1.5, 100_000, 1e9], (value) => tfjs({ threads: value })],
}

const described = (value, index) => {
  const text = inspect(value, { breakLength: Number.POSITIVE_INFINITY })
  return text.length > 100 ? `an object, ${index + 1}` : text
}

const options = Object.entries(refusals).flatMap(([what, [values, work]]) =>
  values.map((value, index) => ({
    name: `${what} is ${described(value, index)}`,
    run: () => refused(() => work(value), { kinds: ['option', 'shape', 'specification'] }),
  })),
)

const taken = [
  {
    name: 'trainer: batchSize is more than there is',
    async run() {
      const [one, other] = [trainer(), trainer()]
      await done(() => one.fit(dataset(), { ...how, batchSize: 1e9 }))
      await done(() => other.fit(dataset(), { ...how, batchSize: 8 }))
      same(await textOf(one.readState()), await textOf(other.readState()), 'the weights')
    },
  },
  {
    name: 'trainer: options that are changed while it trains',
    async run() {
      const given2 = { ...how }
      const made = trainer()
      const ended = made.fit(dataset(), given2)
      given2.batchSize = -1
      given2.epochs = 1e9
      holds((await done(() => ended)).epochs.length === how.epochs, 'It trained as the changed options say.')
    },
  },
  {
    name: 'trainer: options that are frozen',
    async run() {
      const made = new Trainer(Object.freeze({ model: network(), engine: engine(), optimizer: optimizer() }))
      await done(() => made.fit(Object.freeze(dataset()), Object.freeze({ ...how })))
      await done(() => made.predict(images(2), Object.freeze({ batchSize: 1 })))
    },
  },
  {
    name: 'trainer: fit without an optimizer',
    run: () =>
      refused(() => trainer({ optimizer: undefined }).fit(dataset(), how), { kinds: 'option', names: 'optimizer' }),
  },
]

export const cases = [...identities, ...classes, ...layers, ...options, ...taken]
