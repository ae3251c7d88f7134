// Small programs that hold the library: what is traced is checked, options are read, labels go by name, pixels do not depend on the file.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { picture, pixelsOf, sharp } from './pictures.mjs'
import { same } from './sandbox.mjs'

export const kind = 'library'

const at = (name, entry = 'index') => import(`../../packages/${name}/dist/${entry}.js`)

/** @throws unless the work is refused as a fault of the user, in words that match. */
async function refused(work, pattern) {
  const { ConvzooError } = await at('core')
  try {
    await work()
  } catch (error) {
    if (!ConvzooError.isInstance(error) || error.kind === 'internal')
      throw new Error('It is no error of ours.', { cause: error })
    if (!pattern.test(error.message)) throw new Error(`It does not say ${pattern}: ${error.message}`)
    return
  }
  throw new Error('It was taken.')
}

const dataset = (classes = ['cat', 'dog'], more = {}) => ({
  specification: 'dataset/v1',
  name: 'points',
  length: 8,
  classes,
  imageShape: [2, 2, 1],
  batch: async (indices) => ({
    images: Float32Array.from(Array.from(indices).flatMap((index) => (index % 2 === 0 ? [1, 0, 0, 0] : [0, 0, 0, 1]))),
    targets: Float32Array.from(
      Array.from(indices).flatMap((index) => classes.map((name) => Number(name === ['cat', 'dog'][index % 2]))),
    ),
  }),
  ...more,
})

/** A trainer on the reference interpreter. */
async function trainer(more = {}, head = (core, x) => core.dense({ units: 2, activation: 'softmax' })(x)) {
  const core = await at('core')
  const { interpreterEngine } = await at('core', 'engine')
  const { Trainer } = await at('trainer')
  const images = core.input({ shape: [2, 2, 1] })
  const model = core.functionalModel({ inputs: images, output: head(core, core.flatten()(images)) })
  const optimizer = core.sgdw({ learningRate: 0.5, weightDecay: 0, momentum: 0.9 })
  return new Trainer({ model, engine: interpreterEngine({ precision: 'float32' }), optimizer, ...more })
}

const fit = { epochs: 1, batchSize: 4 }

const traced = [
  ['a loss of every class', { loss: { name: 'mine', losses: ({ output }) => output } }, /mine|loss/],
  ['a loss of one number', { loss: { name: 'mine', losses: ({ ops, output }) => ops.sum(output) } }, /mine|loss/],
  ['a loss of nothing', { loss: { name: 'mine', losses: () => undefined } }, /mine|loss/],
  ['an unknown option of the trainer', { average: 0.9, averag: 1 }, /averag/],
  ['an engine that was not called', { engine: () => undefined }, /engine/],
  ['an optimizer that was not called', { optimizer: () => undefined }, /optimizer/],
].map(([name, more, pattern]) => ({
  name,
  run: () => refused(async () => (await trainer(more)).fit(dataset(), fit), pattern),
}))

const options = [
  ['createModel', async ({ core }) => core.createModel((await at('nin')).nin, { width: 2 }), /width/],
  ['categoricalCrossentropy', ({ core }) => core.categoricalCrossentropy({ labelSmothing: 0.1 }), /labelSmothing/],
  ['categoricalCrossentropy, 7', ({ core }) => core.categoricalCrossentropy({ labelSmoothing: 7 }), /labelSmoothing/],
  ['categoricalCrossentropy, -1', ({ core }) => core.categoricalCrossentropy({ labelSmoothing: -1 }), /labelSmoothing/],
  ['sgdw', ({ core }) => core.sgdw({ learningRate: 0.1, weightDecay: 0, momentum: 0, decay: 1 }), /decay/],
  ['sgdw, a schedule that is none', ({ core }) => core.sgdw({ learningRate: 'fast', weightDecay: 0 }), /learningRate/],
  ['fit', async () => (await trainer()).fit(dataset(), { ...fit, validationSplit: 0.1 }), /validationSplit/],
  ['evaluate', async () => (await trainer()).evaluate(dataset(), { batchsize: 4, batchSize: 4 }), /batchsize/],
  ['predict', async () => (await trainer()).predict(new Float32Array(4), { batchsize: 4 }), /batchsize/],
  ['Trainer of nothing', async () => new (await at('trainer')).Trainer(), /./],
  ['onnx', async () => (await at('engine-onnx')).onnx({ thread: 2 }), /thread/],
  ['tfjs', async () => (await at('engine-tfjs')).tfjs({ thread: 2 }), /thread/],
  [
    'imageDataset',
    async ({ data }) =>
      data.imageDataset(
        { name: 'a', classes: ['a'], images: [], refused: [] },
        { imageshape: [4, 4, 3], imageShape: [4, 4, 3] },
      ),
    /imageshape/,
  ],
  [
    'arrayDataset',
    ({ data }) => data.arrayDataset({ images: new Uint8Array(4), shape: [2, 2, 1], labels: [0], label: 1 }),
    /"?label"?/,
  ],
  ['mnist', ({ data }) => data.mnist({ split: 'train', limits: 4 }), /limits/],
  ['openData', ({ data }) => data.openData('mnist', { validationpart: 0.2 }), /validationpart/],
  ['imageFolder', ({ data }) => data.imageFolder('.', { validationpart: 0.2 }), /validationpart/],
  ['synthetic', ({ data }) => data.synthetic({ shape: [4, 4, 1], class: 4 }), /"?class"?/],
  ['findPlugins', async () => (await at('plugins')).findPlugins({ projekt: '.' }), /projekt/],
].map(([name, call, pattern]) => ({
  name: `an option that nobody knows: ${name}`,
  run: () => refused(async () => call({ core: await at('core'), data: await at('data') }), pattern),
}))

const layers = [
  ['an outputShape that is not what call gives', { outputShape: ([x]) => [x[0] + 1], call: (_, [x]) => x }, /odd/],
  ['a call that gives nothing', { outputShape: ([x]) => x, call: () => undefined }, /odd/],
].map(([name, fields, pattern]) => ({
  name,
  async run() {
    const core = await at('core')
    const { defineLayer, defineOptions } = await at('core', 'define')
    const odd = defineLayer({
      type: 'odd',
      keras: 'Odd',
      options: defineOptions({}),
      multiplyAdds: () => 0,
      ...fields,
    })
    await refused(async () => {
      const made = await trainer({}, (_, x) => core.dense({ units: 2, activation: 'softmax' })(odd({})(x)))
      await made.fit(dataset(), fit)
    }, pattern)
  },
}))

const orders = [
  {
    name: 'classes in another order are mapped',
    async run() {
      const made = await trainer()
      await made.fit(dataset(), { epochs: 40, batchSize: 4 })
      const { top1: before, confusion } = await made.evaluate(dataset(), { batchSize: 4 })
      const other = await made.evaluate(dataset(['dog', 'cat']), { batchSize: 4 })
      same([before, other.top1], [1, 1], 'accuracies')
      same(other.confusion, confusion, 'confusion')
    },
  },
  ...['fit', 'evaluate'].map((what) => ({
    name: `other classes are refused by name: ${what}`,
    async run() {
      const made = await trainer()
      await made.fit(dataset(), fit)
      await refused(
        () => made[what](dataset(['cat', 'wolf']), { ...(what === 'fit' ? { epochs: 2 } : {}), batchSize: 4 }),
        /wolf/,
      )
    },
  })),
  {
    name: 'a checkpoint knows its classes and its data',
    async run(place) {
      const path = join(place, 'a.safetensors')
      const first = await trainer()
      await first.fit(dataset(undefined, { fingerprint: async () => 'one' }), fit)
      await first.saveCheckpoint(path)
      const second = await trainer()
      await second.loadCheckpoint(path)
      await refused(() => second.fit(dataset(['cat', 'wolf']), { ...fit, epochs: 2 }), /wolf/)
      const third = await trainer()
      await third.loadCheckpoint(path)
      await refused(
        () => third.fit(dataset(undefined, { fingerprint: async () => 'two' }), { ...fit, epochs: 2 }),
        /data|images/,
      )
      const fourth = await trainer()
      await fourth.loadCheckpoint(path)
      const more = { ...fit, epochs: 2, allowChangedData: true }
      same(
        (await fourth.fit(dataset(undefined, { fingerprint: async () => 'two' }), more)).completed,
        true,
        'completed',
      )
    },
  },
]

/** Pixels [H, W, C] of a file as a network sees them, from 0 to 255. */
async function seen(place, name, bytes, shape) {
  const { imageDataset } = await at('data')
  const path = join(place, name)
  writeFileSync(path, bytes)
  const dataset = imageDataset(
    { name, classes: ['a'], images: [{ path, name, label: 0 }], refused: [] },
    { imageShape: shape, workers: 1 },
  )
  try {
    const { images } = await dataset.batch([0])
    return images.map((value) => value * 255)
  } finally {
    await dataset.dispose()
  }
}

const difference = (one, other) =>
  one.reduce((sum, value, place) => sum + Math.abs(value - other[place]), 0) / one.length

const sizes = [
  ['enlarged', [60, 52, 3]],
  ['enlarged by a little', [31, 29, 3]],
  ['shrunk', [11, 13, 3]],
  ['as it is', [20, 24, 3]],
]

const pixels = [
  ...sizes.flatMap(([how, shape]) =>
    ['webp', 'tiff', 'jpeg'].map((format) => ({
      name: `a PNG and a ${format} of one picture, ${how}`,
      async run(place) {
        const png = await seen(place, 'a.png', await picture(3, 'png'), shape)
        const file = await picture(3, format)
        // What compressing has changed is not the reader's: the file is decoded and stored without loss for comparison.
        const plain = format === 'jpeg' ? await seen(place, 'b.png', await sharp(file).png().toBuffer(), shape) : png
        const found = difference(await seen(place, `c.${format}`, file, shape), plain)
        if (!(found <= 0.5)) throw new Error(`They differ by ${found} of 255 in the mean.`)
      },
    })),
  ),
  {
    name: 'pure red is 76 in grey',
    async run(place) {
      const red = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#ff0000' } })
        .png()
        .toBuffer()
      same(Array.from(await seen(place, 'red.png', red, [4, 4, 1]), Math.round), Array(16).fill(76), 'grey')
    },
  },
  {
    name: 'a ramp keeps its place when it is enlarged',
    async run(place) {
      const width = 8
      const raw = Buffer.from(Array.from({ length: width * 8 * 3 }, (_, index) => 20 * (Math.floor(index / 3) % width)))
      const png = await sharp(raw, { raw: { width, height: 8, channels: 3 } })
        .png()
        .toBuffer()
      const row = Array.from((await seen(place, 'ramp.png', png, [8, 20, 3])).slice(0, 60)).filter(
        (_, index) => index % 3 === 0,
      )
      const expected = Array.from(
        { length: 20 },
        (_, x) => 20 * Math.min(Math.max(((x + 0.5) * width) / 20 - 0.5, 0), width - 1),
      )
      if (difference(row, expected) > 0.5) throw new Error(`${row} instead of ${expected}`)
    },
  },
  {
    name: 'a TIFF of floats is scaled or refused, never two values',
    async run(place) {
      const raw = pixelsOf(5).map((value) => value)
      const tiff = await sharp(Buffer.from(Float32Array.from(raw, (value) => value / 255).buffer), {
        raw: { width: 24, height: 20, channels: 3, depth: 'float' },
      })
        .toColourspace('scrgb')
        .tiff({ compression: 'none' })
        .toBuffer()
        .catch(() => undefined)
      if (tiff === undefined) return
      const values = await seen(place, 'a.tiff', tiff, [20, 24, 3]).catch(() => undefined)
      if (values !== undefined && new Set(values).size <= 2) throw new Error('There are two values.')
    },
  },
]

export const cases = [...traced, ...layers, ...options, ...orders, ...pixels]
