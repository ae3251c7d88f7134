// A server that predicts as many images as have come: any number in turn, in bounded memory, with few compiled sizes; arrays that hold no
// whole images.
import { core, dataset, engine, how, images, Trainer, textOf, trainer } from './holding.mjs'
import { done, holds, outcomeOf, refused, requireOurs, same } from './judge.mjs'
import { load } from './library.mjs'

export const kind = 'predict'

/** More than that many compiled sizes are not few. */
const fewSizes = 8

const numbers = (count) => Array.from({ length: count }, (_, index) => index + 1)
const shuffled = (list) => list.map((value, index) => list[(index * 17) % list.length] ?? value)

const inTurn = {
  rising: numbers(40),
  falling: numbers(40).reverse(),
  'as they come': shuffled(numbers(40)),
}

const each = Object.entries(inTurn).flatMap(([what, sizes]) => [
  {
    name: `numbers of images, ${what}, give what each image gives`,
    async run() {
      const made = trainer()
      await made.fit(dataset(), how)
      const one = []
      for (let index = 0; index < 40; index++) {
        one.push(...(await made.predict(images(40).subarray(index * 4, index * 4 + 4))))
      }
      for (const size of sizes) {
        const given = await done(() => made.predict(images(size)))
        same([...given], one.slice(0, size * 2), `${size} images`)
      }
    },
  },
  {
    name: `numbers of images, ${what}, compile few sizes`,
    async run() {
      const compiled = []
      const within = engine()
      const made = trainer({
        engine: {
          ...within,
          compile(program, options) {
            compiled.push(Object.keys(program.functions).length)
            return within.compile(program, options)
          },
        },
      })
      for (const size of sizes) await made.predict(images(size))
      holds(compiled.length <= fewSizes, `It compiled ${compiled.length} times.`)
      holds(Math.max(...compiled) <= fewSizes, `The last program has ${Math.max(...compiled)} functions.`)
    },
  },
  {
    name: `numbers of images, ${what}, with a batch size of their own`,
    async run() {
      const made = trainer()
      for (const size of sizes) {
        const given = await done(() => made.predict(images(size), { batchSize: (size % 7) + 1 }))
        holds(given.length === size * 2, `${size} images give ${given.length} values.`)
      }
    },
  },
])

const wrong = {
  'too few values': [new Float32Array(3), ['shape', 'option']],
  'a part of an image': [new Float32Array(5), ['shape', 'option']],
  'no values': [new Float32Array(0), ['shape', 'option']],
  ...Object.fromEntries(
    [
      [0, 0, 0, 0],
      new Float64Array(4),
      new Uint8Array(4),
      new ArrayBuffer(16),
      new DataView(new ArrayBuffer(16)),
      'odd',
      null,
      undefined,
      4,
      {},
      { length: 4 },
      Buffer.alloc(16),
      Promise.resolve(new Float32Array(4)),
    ].map((value) => [`${Object.prototype.toString.call(value)} ${JSON.stringify(value)}`, [value, 'option']]),
  ),
}

const arrays = Object.entries(wrong).map(([what, [value, kinds]]) => ({
  name: `predict of ${what}`,
  async run() {
    const made = trainer()
    await refused(() => made.predict(value), { kinds, names: kinds === 'option' ? 'images' : /\S/ })
    await done(() => made.predict(images(1)), 'a prediction after it')
  },
}))

/** They may be refused, and may not look like a prediction. */
const broken = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((value) => ({
  name: `predict of images of ${value}`,
  async run() {
    const outcome = await outcomeOf(() => trainer().predict(new Float32Array(4).fill(value)))
    if ('error' in outcome) requireOurs(outcome.error, { kinds: ['numeric', 'data', 'option'] })
    else holds(outcome.value.every(Number.isNaN), `It gives ${outcome.value}.`)
  },
}))

const beside = [
  {
    name: 'predictions of 20 sizes at once',
    async run() {
      const made = trainer()
      const all = await done(() => Promise.all(numbers(20).map((size) => made.predict(images(size)))))
      same(
        all.map(({ length }) => length),
        numbers(20).map((size) => size * 2),
        'the lengths',
      )
    },
  },
  {
    name: 'the caller may fill its array again at once',
    async run() {
      const made = trainer()
      const given = images(3)
      const right = [...(await made.predict(images(3)))]
      const work = made.predict(given)
      given.fill(0)
      same([...(await done(() => work))], right, 'what is predicted')
    },
  },
  {
    name: 'predict leaves the state as it is',
    async run() {
      const made = trainer()
      await made.fit(dataset(), how)
      const before = await textOf(made.readState())
      for (const size of [1, 7, 3, 40]) await made.predict(images(size))
      same(await textOf(made.readState()), before, 'the state')
    },
  },
]

/** MB that 40 sizes of a network of 12 MB may take, on an engine that compiles in earnest. */
const mostMegabytes = 400

const memory = {
  name: 'numbers of images from 1 to 40 in bounded memory, on engine onnx',
  async run() {
    const { onnx } = await load('@convzoo/engine-onnx')
    const given = core.input({ shape: [32, 32, 3] })
    const hidden = core.dense({ units: 1024, activation: 'relu' })(core.flatten()(given))
    const output = core.dense({ units: 2, activation: 'softmax' })(hidden)
    const made = new Trainer({ model: core.functionalModel({ inputs: given, output }), engine: onnx({ threads: 1 }) })
    await made.predict(new Float32Array(32 * 32 * 3))
    const before = process.memoryUsage().rss
    for (const size of shuffled(numbers(40))) {
      const found = await made.predict(new Float32Array(size * 32 * 32 * 3))
      holds(found.length === size * 2, `${size} images give ${found.length} values.`)
    }
    const megabytes = (process.memoryUsage().rss - before) / 1e6
    await made.dispose()
    holds(megabytes < mostMegabytes, `It took ${megabytes.toFixed(0)} MB.`)
  },
}

export const cases = [...each, ...arrays, ...broken, ...beside, memory]
