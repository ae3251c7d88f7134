// Plugins that give nonsense at each of their functions: architectures, layers, losses, optimizers, engines.
import { core, dataset, engine, how, images, trainer } from './holding.mjs'
import { holds, outcomeOf, requireOurs } from './judge.mjs'

export const kind = 'plugins'

const own = new Error('of the plugin')
const throws = () => {
  throw own
}

/** What a function may give that is nothing of use. */
const nonsense = {
  nothing: () => undefined,
  null: () => null,
  'a number': () => 7,
  'a text': () => 'odd',
  'an empty list': () => [],
  'a list of null': () => [null],
  'an empty object': () => ({}),
  'a promise': () => Promise.resolve(),
  'a function': () => () => undefined,
  'an error of its own': throws,
}

/** Right is an error of ours, or the plugin's own, whole or as the cause. */
async function told(work) {
  const outcome = await outcomeOf(work)
  holds('error' in outcome, 'It was taken.')
  const { error } = outcome
  if (error === own || error?.cause === own) return
  requireOurs(error)
}

const described = (tag) => ({
  specification: 'architecture/v1',
  package: { name: 'odd', version: '1.0.0' },
  name: 'odd',
  title: 'Odd',
  paper: { title: 'Odd', authors: [], year: 2000, url: 'https://example.org/' },
  tags: {
    only: {
      defaults: { input: [2, 2, 1], classes: 2 },
      preprocessing: { resize: 'bilinear', mean: [0], standardDeviation: [1] },
      build: ({ input, classes }) => core.dense({ units: classes, activation: 'softmax' })(core.flatten()(input)),
      ...tag,
    },
  },
})

const built = (architecture) => {
  const model = core.createModel(core.defineArchitecture(architecture))
  core.summarize(model)
  core.costOf(model)
  return trainer({ model }).fit(dataset(), how)
}

const otherTensor = () =>
  core.dense({ units: 2, activation: 'softmax' })(core.flatten()(core.input({ shape: [2, 2, 1] })))

const architectures = [
  ...Object.entries({
    ...nonsense,
    'another network': otherTensor,
    'too many classes': ({ input }) => core.dense({ units: 5, activation: 'softmax' })(core.flatten()(input)),
    'its input': ({ input }) => input,
    'a network with heads that are none': ({ input }) => ({
      output: core.dense({ units: 2 })(core.flatten()(input)),
      auxiliary: 7,
    }),
    'a network with a head of nothing': ({ input }) => ({
      output: core.dense({ units: 2 })(core.flatten()(input)),
      auxiliary: [{ output: undefined, lossWeight: Number.NaN }],
    }),
  }).map(([what, build]) => ({
    name: `core: an architecture whose build gives ${what}`,
    run: () => told(() => built(described({ build }))),
  })),
  ...Object.entries({
    'without defaults': { defaults: undefined },
    'with an empty input': { defaults: { input: [], classes: 2 } },
    'with an input of texts': { defaults: { input: ['2', '2', '1'], classes: 2 } },
    'with -1 classes': { defaults: { input: [2, 2, 1], classes: -1 } },
    'with classes that are a text': { defaults: { input: [2, 2, 1], classes: '2' } },
    'without preprocessing': { preprocessing: undefined },
    'without build': { build: undefined },
  }).map(([what, tag]) => ({ name: `core: an architecture ${what}`, run: () => told(() => built(described(tag))) })),
  ...Object.entries({
    'no name': { name: undefined },
    'a name that is no id': { name: 'Odd Net' },
    'no tags': { tags: {} },
    'tags that are none': { tags: 7 },
    'a tag that is none': { tags: { only: null } },
    'no specification': { specification: undefined },
    'another specification': { specification: 'architecture/v9' },
    'no package': { package: undefined },
    'no paper': { paper: undefined },
    'a deprecated id that leads to nothing': { deprecated: { old: 'nowhere' } },
    'deprecated ids that are none': { deprecated: 7 },
  }).map(([what, more]) => ({
    name: `core: an architecture with ${what}`,
    run: () => told(() => built({ ...described({}), ...more })),
  })),
]

const layer = (more) => ({
  type: 'odd',
  keras: 'Odd',
  options: core.defineOptions({}),
  outputShape: ([shape]) => shape,
  weights: () => ({}),
  multiplyAdds: () => 0,
  call: (_, [x]) => x,
  ...more,
})

const layered = (more) => {
  const given = core.input({ shape: [2, 2, 1] })
  const x = core.defineLayer(layer(more))({})(core.flatten()(given))
  const output = core.dense({ units: 2, activation: 'softmax' })(x)
  const model = core.functionalModel({ inputs: given, output })
  core.summarize(model)
  core.costOf(model)
  core.renderKeras(core.summarize(model))
  return trainer({ model }).fit(dataset(), how)
}

const weight = { key: 'w', shape: [4], initializer: { type: 'zeros' }, trainable: true }

/** What is right for a layer: no weights, no window, or a number of multiplications. */
const fine = { weights: ['an empty object'], multiplyAdds: ['a number'], window: ['nothing'] }

const layers = [
  ...['outputShape', 'weights', 'multiplyAdds', 'call', 'window'].flatMap((method) =>
    Object.entries(nonsense)
      .filter(([what]) => !fine[method]?.includes(what))
      .map(([what, gives]) => ({
        name: `core: a layer whose ${method} gives ${what}`,
        run: () => told(() => layered({ [method]: gives })),
      })),
  ),
  ...[[-1], [0], [1.5], [Number.NaN], ['4'], [Infinity]].map((shape) => ({
    name: `core: a layer whose outputShape gives [${shape}]`,
    run: () => told(() => layered({ outputShape: () => shape })),
  })),
  ...Object.entries({
    'no key': { key: undefined },
    'no shape': { shape: undefined },
    'a shape of texts': { shape: ['4'] },
    'a shape of -1': { shape: [-1] },
    'no initializer': { initializer: undefined },
    'an initializer of nobody': { initializer: { type: 'odd' } },
    'an initializer that is a function': { initializer: () => 0 },
  }).map(([what, more]) => ({
    name: `core: a layer with a weight of ${what}`,
    run: () => told(() => layered({ weights: () => ({ kernel: { ...weight, ...more } }) })),
  })),
  ...[Number.NaN, -1, Infinity].map((value) => ({
    name: `core: a layer whose multiplyAdds gives ${value}`,
    run: () => told(() => layered({ multiplyAdds: () => value })),
  })),
]

const trained = (more) => trainer(more).fit(dataset(), how)

const losses = [
  ...Object.entries({
    ...nonsense,
    'one number for all samples': ({ ops, output }) => ops.sum(output),
    'one for each class': ({ output }) => output,
    'a value of another graph': () => core.opsFor(new core.GraphBuilder()).constant(1, [4]),
    'no finite number': ({ ops, output }) => ops.log(ops.negate(ops.sum(output, { axes: [1] }))),
  }).map(([what, gives]) => ({
    name: `core: a loss that gives ${what}`,
    run: () => told(() => trained({ loss: { name: 'odd', losses: gives } })),
  })),
  ...[undefined, 7].map((name) => ({
    name: `core: a loss whose name is ${JSON.stringify(name)}`,
    run: () => told(() => trained({ loss: { ...core.categoricalCrossentropy(), name } })),
  })),
]

const rule = () => core.sgdw({ learningRate: 0.1, weightDecay: 1e-4, momentum: 0.9 })

const optimizers = [
  ...['decays', 'decay', 'update'].flatMap((method) =>
    Object.entries(nonsense)
      .filter(([what]) => method !== 'decays' || what === 'an error of its own')
      .map(([what, gives]) => ({
        name: `core: an optimizer whose ${method} gives ${what}`,
        run: () => told(() => trained({ optimizer: { ...rule(), [method]: gives } })),
      })),
  ),
  ...Object.entries({
    'no slot': ({ weight: w }) => ({ weight: w, slots: {} }),
    'a slot of another name': ({ weight: w }) => ({ weight: w, slots: { odd: w } }),
    'a weight of another shape': ({ ops, slots }) => ({ weight: ops.constant(1), slots }),
    'a slot of another shape': ({ ops, weight: w }) => ({ weight: w, slots: { velocity: ops.constant(1) } }),
  }).map(([what, update]) => ({
    name: `core: an optimizer whose update gives ${what}`,
    run: () => told(() => trained({ optimizer: { ...rule(), update } })),
  })),
  ...Object.entries({
    'no name': { name: undefined },
    'no hyperparameters': { hyperparameters: undefined },
    'a learning rate below 0': { hyperparameters: { learningRate: -1, weightDecay: 0 } },
    'a learning rate that is none': { hyperparameters: { learningRate: Number.NaN, weightDecay: 0 } },
    'a learning rate that is a text': { hyperparameters: { learningRate: '0.1', weightDecay: 0 } },
    'a learning rate of nobody': { hyperparameters: { learningRate: { type: 'of nobody' }, weightDecay: 0 } },
    'a learning rate that falls below 0': {
      hyperparameters: {
        learningRate: { type: 'polynomial', initial: 0.1, steps: 4, final: -1, power: 1 },
        weightDecay: 0,
      },
    },
    'no scalars': { scalars: undefined },
    'a scalar that is none': { scalars: { odd: () => Number.NaN } },
    'a scalar of nothing': { scalars: { odd: () => undefined } },
    'a scalar that is no function': { scalars: { odd: 1 } },
    'no slots': { slots: undefined },
    'a slot twice': { slots: ['velocity', 'velocity'] },
    'a slot that is no text': { slots: [7] },
    'no clipping': { clipping: undefined },
    'clipping of nothing': { clipping: { norm: Number.NaN } },
  }).map(([what, more]) => ({
    name: `core: an optimizer with ${what}`,
    run: () => told(() => trained({ optimizer: { ...rule(), ...more } })),
  })),
]

/** An engine whose executable is another in one of its members. */
const executing = (more) => {
  const inner = engine()
  return { ...inner, compile: async (program, options) => ({ ...(await inner.compile(program, options)), ...more }) }
}

const used = async (given) => {
  const made = trainer({ engine: given })
  await made.fit(dataset(), how)
  await made.predict(images(2))
  for await (const { data } of made.readState()) holds(data.every(Number.isFinite), 'There is a state that is none.')
}

const short = (outputs) => Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, value.subarray(1)]))

const engines = [
  ...Object.entries(nonsense).flatMap(([what, gives]) => [
    {
      name: `trainer: an engine whose compile gives ${what}`,
      run: () => told(() => used({ ...engine(), compile: gives })),
    },
    { name: `trainer: an engine whose run gives ${what}`, run: () => told(() => used(executing({ run: gives }))) },
    {
      name: `trainer: an engine whose readState gives ${what}`,
      run: () => told(() => used(executing({ readState: gives }))),
    },
  ]),
  ...['run', 'readState', 'writeState'].map((method) => ({
    name: `trainer: an engine without ${method}`,
    run: () => told(() => used(executing({ [method]: undefined }))),
  })),
  {
    name: 'trainer: an engine whose writeState rejects',
    run: () => told(() => used(executing({ writeState: () => Promise.reject(own) }))),
  },
  {
    name: 'trainer: an engine whose dispose rejects',
    run: () =>
      told(() =>
        trainer({ engine: executing({ dispose: () => Promise.reject(own) }) })
          .fit(dataset(), how)
          .then(throws),
      ),
  },
  {
    name: 'trainer: an engine whose outputs are too short',
    run: () => {
      const inner = engine()
      const compile = async (program, options) => {
        const executable = await inner.compile(program, options)
        return { ...executable, run: async (name, inputs) => short(await executable.run(name, inputs)) }
      }
      return told(() => used({ ...inner, compile }))
    },
  },
  ...[undefined, 7, null].map((specification) => ({
    name: `trainer: an engine whose specification is ${specification}`,
    run: () => told(() => used({ ...engine(), specification })),
  })),
]

export const cases = [...architectures, ...layers, ...losses, ...optimizers, ...engines]
