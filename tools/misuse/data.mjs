// Datasets that give nonsense. None of it may end as if something had been learnt or scored.
import { batchOf, core, dataset, how, textOf, trainer, undisturbed } from './holding.mjs'
import { done, endsWith, holds, outcomeOf, refused, requireOurs, same } from './judge.mjs'

export const kind = 'data'

const filled = (value) => ({
  batch: async (indices) => ({ ...batchOf(indices), images: new Float32Array(indices.length * 4).fill(value) }),
})
const targets = (row) => ({
  batch: async (indices) => ({
    ...batchOf(indices),
    targets: Float32Array.from(Array.from(indices).flatMap(() => row)),
  }),
})
const batches = (make) => ({ batch: async (indices) => make(indices, batchOf(indices)) })

/** What is wrong with the dataset, and which kinds of errors may say so: `data` where nothing else is said. */
const nonsense = {
  ...Object.fromEntries(
    [-1, Number.NaN, 1.5, Infinity, 0, 2 ** 32, '8', null, undefined, 8n, [8], {}].map((length) => [
      `a length of ${typeof length === 'bigint' ? '8n' : typeof length === 'object' ? JSON.stringify(length) : String(length)}${typeof length === 'string' ? ' as a text' : ''}`,
      [{ length }, ['data', 'option']],
    ]),
  ),
  ...Object.fromEntries(
    [-1, Number.NaN, 0, 1.5, Infinity, '2', null, {}].map((concurrency) => [
      `a concurrency of ${typeof concurrency === 'object' ? JSON.stringify(concurrency) : String(concurrency)}${typeof concurrency === 'string' ? ' as a text' : ''}`,
      [{ concurrency }, ['data', 'option']],
    ]),
  ),
  'every row skipped': [batches((indices, batch) => ({ ...batch, skipped: Array.from(indices, (_, row) => row) }))],
  'rows skipped that there are not': [batches((_, batch) => ({ ...batch, skipped: [99] }))],
  'skipped rows that are no numbers': [batches((_, batch) => ({ ...batch, skipped: ['first'] }))],
  'skipped that is no list': [batches((_, batch) => ({ ...batch, skipped: 1 }))],
  'a batch of too few': [batches((indices) => batchOf(Array.from(indices).slice(1)))],
  'a batch of too many': [batches((indices) => batchOf([...indices, 0]))],
  'a batch of nothing': [batches(() => undefined)],
  'a batch of null': [batches(() => null)],
  'a batch of a text': [batches(() => 'images')],
  'a batch of empty arrays': [batches(() => ({ images: new Float32Array(), targets: new Float32Array() }))],
  'a batch without targets': [batches((_, { images }) => ({ images }))],
  'a batch of doubles': [batches((_, batch) => ({ ...batch, images: Float64Array.from(batch.images) }))],
  'a batch of bytes': [batches((_, batch) => ({ ...batch, images: Uint8Array.from(batch.images) }))],
  'a batch of lists': [batches((_, batch) => ({ images: [...batch.images], targets: [...batch.targets] }))],
  'a batch of detached arrays': [
    batches((_, batch) => {
      structuredClone(batch.images, { transfer: [batch.images.buffer] })
      return batch
    }),
  ],
  'a batch that is no promise, of nothing': [{ batch: () => undefined }],
  'targets that are all 0': [targets([0, 0])],
  'targets below 0': [targets([2, -1])],
  'targets that sum to 2': [targets([1, 1])],
  'targets that sum to a half': [targets([0.25, 0.25])],
  'targets that are no numbers': [targets([Number.NaN, 1]), ['data', 'numeric']],
  'infinite targets': [targets([Infinity, 0]), ['data', 'numeric']],
  'labels in the place of targets': [targets([0, 3])],
  'images that are no numbers': [filled(Number.NaN), ['data', 'numeric']],
  'infinite images': [filled(Infinity), ['data', 'numeric']],
  'images of 1e30': [filled(1e30), ['data', 'numeric']],
  'images of -1e30': [filled(-1e30), ['data', 'numeric']],
  'images of 5000': [filled(5000)],
  'a batch that is none': [{ batch: 7 }, ['option', 'data']],
  'no batch': [{ batch: undefined }, ['option', 'data']],
  'no name': [{ name: undefined }, ['option', 'data']],
  'a name that is no text': [{ name: 7 }, ['option', 'data']],
  'no specification': [{ specification: undefined }, ['option', 'data', 'specification']],
  'another specification': [{ specification: 'dataset/v9' }, ['option', 'data', 'specification']],
  'no image shape': [{ imageShape: undefined }, ['option', 'data', 'shape']],
  'an image shape of texts': [{ imageShape: ['2', '2', '1'] }, ['option', 'data', 'shape']],
  'an image shape of one number': [{ imageShape: 4 }, ['option', 'data', 'shape']],
  'another image shape': [{ imageShape: [2, 2, 3] }, 'shape'],
  'no classes': [{ classes: [] }],
  'classes that are none': [{ classes: undefined }],
  'classes that are a text': [{ classes: 'ab' }],
  'classes that are numbers': [{ classes: [0, 1] }],
  'a class twice': [{ classes: ['a', 'a'] }],
  'a class too many': [{ classes: ['a', 'b', 'c'] }, ['data', 'shape']],
  'one class': [{ classes: ['a'] }, ['data', 'shape']],
}

const refusing = Object.entries(nonsense).flatMap(([what, [more, kinds = 'data']]) => [
  {
    name: `fit: ${what}`,
    async run() {
      const made = trainer()
      await refused(() => made.fit(dataset(more), how), { kinds })
      await done(() => made.fit(dataset(), how), 'a fit after it')
      same(await textOf(made.readState()), await undisturbed(), 'the weights')
    },
  },
  {
    name: `fit: validation on ${what}`,
    run: () => refused(() => trainer().fit(dataset(), { ...how, validation: dataset(more) }), { kinds }),
  },
  {
    name: `evaluate: ${what}`,
    run: () => refused(() => trainer().evaluate(dataset(more), { batchSize: 4 }), { kinds }),
  },
])

const own = new Error('of the program')

const failing = [
  ...['batch', 'fingerprint'].flatMap((place) => [
    {
      name: `fit: ${place} that rejects`,
      run: () => endsWith(() => trainer().fit(dataset({ [place]: () => Promise.reject(own) }), how), own),
    },
    {
      name: `fit: ${place} that throws`,
      run: () =>
        endsWith(
          () =>
            trainer().fit(
              dataset({
                [place]: () => {
                  throw own
                },
              }),
              how,
            ),
          own,
        ),
    },
  ]),
  ...[undefined, null, 7, '', {}, Symbol('one')].map((value) => ({
    name: `fit: a fingerprint of ${typeof value === 'object' ? JSON.stringify(value) : String(value) || 'an empty text'}`,
    run: () =>
      refused(() => trainer().fit(dataset({ fingerprint: async () => value }), how), { kinds: ['data', 'option'] }),
  })),
  {
    name: 'fit: recycle that throws',
    run: () =>
      endsWith(
        () =>
          trainer().fit(
            dataset({
              recycle() {
                throw own
              },
            }),
            how,
          ),
        own,
      ),
  },
  {
    name: 'fit: a getter that throws',
    run: () =>
      endsWith(
        () =>
          trainer().fit(
            Object.defineProperty(dataset(), 'length', {
              get() {
                throw own
              },
            }),
            how,
          ),
        own,
      ),
  },
  {
    name: 'fit: a length that changes',
    async run() {
      let asked = 0
      const changing = Object.defineProperty(dataset(), 'length', { get: () => 8 - (asked++ % 3) })
      const outcome = await outcomeOf(() => trainer().fit(changing, how), 'fit')
      if ('error' in outcome) requireOurs(outcome.error)
      else
        holds(
          outcome.value.epochs.every(({ training }) => training.samples >= 6),
          'It learnt of less.',
        )
    },
  },
]

/** Stopped in mid-epoch, it stands on its dataset. */
const others = {
  'of another length': { length: 12 },
  'that is shorter': { length: 4 },
  'of another fingerprint': { fingerprint: async () => 'others' },
  'of other classes': { classes: ['one', 'two'] },
}

const changed = Object.entries(others).map(([what, more]) => ({
  name: `fit: another dataset after an abort in mid-epoch, ${what}`,
  async run() {
    const controller = new AbortController()
    const made = trainer({ callbacks: [{ onStep: ({ step }) => step === 2 && controller.abort() }] })
    const first = dataset({ fingerprint: async () => 'first' })
    const { completed } = await made.fit(first, { ...how, signal: controller.signal })
    holds(!completed && made.position.sample === 4, 'It did not stop in mid-epoch.')
    await refused(() => made.fit({ ...first, ...more }, how), { kinds: ['state', 'data'] })
    await done(() => made.fit(first, how), 'the fit that goes on')
    same(await textOf(made.readState()), await undisturbed(), 'the weights')
  },
}))

const nothing = [undefined, null, 7, 'mnist', [], () => dataset(), {}, Promise.resolve(dataset())].flatMap((value) => {
  const what =
    typeof value === 'function' ? 'a function' : value instanceof Promise ? 'a promise' : JSON.stringify(value)
  return ['fit', 'evaluate'].map((method) => ({
    name: `${method}: ${what} in the place of a dataset`,
    run: () =>
      refused(() => trainer()[method](value, method === 'fit' ? how : { batchSize: 4 }), {
        kinds: 'option',
        names: 'dataset',
      }),
  }))
})

const soft = {
  name: 'fit: soft targets are taken',
  async run() {
    const made = trainer({ loss: core.categoricalCrossentropy({ labelSmoothing: 0.1 }) })
    const { completed } = await done(() => made.fit(dataset(targets([0.3, 0.7])), how))
    holds(completed, 'It is not completed.')
  },
}

export const cases = [...refusing, ...failing, ...changed, ...nothing, soft]
