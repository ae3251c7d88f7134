// Readers that are left open, broken off or read side by side, and generators that read the trainer that they write to.
import { setImmediate as turn } from 'node:timers/promises'
import { dataset, how, images, textOf, trainer, undisturbed } from './holding.mjs'
import { done, endsWith, holds, outcomeOf, refused, requireOurs, same } from './judge.mjs'

export const kind = 'readers'

const list = async (tensors) => {
  const all = []
  for await (const tensor of tensors) all.push(tensor)
  return all
}

/** Tensors of a change, one by one. */
async function* changed(tensors, change) {
  for await (const tensor of tensors) yield { ...tensor, data: tensor.data.map(change) }
}

async function fitted(epochs = 1) {
  const made = trainer()
  await made.fit(dataset(), { ...how, epochs })
  return made
}

/** A reader that has given its first tensor, and what it gives in all. */
function opened(tensors) {
  const reader = tensors[Symbol.asyncIterator]()
  const found = []
  return {
    async first() {
      found.push((await reader.next()).value)
    },
    async all() {
      for (let each = await reader.next(); !each.done; each = await reader.next()) found.push(each.value)
      return textOf(found)
    },
    end: () => reader.return(),
  }
}

const between = {
  'a prediction of a new size': (made) => made.predict(images(7)),
  'an evaluation of a new size': (made) => made.evaluate(dataset(), { batchSize: 3 }),
  'a fit': (made) => made.fit(dataset(), how),
  'weights that are written': (made) => made.writeWeights(changed(made.readWeights(), (value) => value + 1)),
}

const lasting = ['readState', 'readWeights'].flatMap((method) =>
  Object.entries(between).map(([what, deed]) => ({
    name: `trainer: ${method} open across ${what}`,
    async run() {
      const made = await fitted()
      const before = await textOf(made[method]())
      const reader = opened(made[method]())
      await done(() => reader.first(), 'the first tensor')
      await done(() => deed(made), what)
      const after = await textOf(made[method]())
      const read = await done(() => reader.all(), 'the rest of the tensors')
      holds(read === before || read === after, 'It gave tensors of different states.')
    },
  })),
)

const left = ['readState', 'readWeights'].flatMap((method) => [
  {
    name: `trainer: ${method} open across dispose`,
    async run() {
      const made = await fitted()
      const before = await textOf(made[method]())
      const reader = opened(made[method]())
      await done(() => reader.first(), 'the first tensor')
      await done(() => made.dispose(), 'dispose')
      const outcome = await outcomeOf(() => reader.all(), 'the rest')
      if ('error' in outcome) requireOurs(outcome.error, { kinds: 'state' })
      else same(outcome.value, before, 'what it gave')
    },
  },
  {
    name: `trainer: ${method} broken off`,
    async run() {
      const made = await fitted()
      for await (const tensor of made[method]()) if (tensor !== undefined) break
      const reader = opened(made[method]())
      await done(() => reader.first())
      await done(() => reader.end(), 'the end of a reader')
      await done(() => made.fit(dataset(), how), 'a fit after it')
      same(await textOf(made.readState()), await undisturbed(), 'the weights')
    },
  },
  {
    name: `trainer: ${method} never read`,
    async run() {
      const made = await fitted()
      made[method]()
      const reader = opened(made[method]())
      await done(() => reader.first())
      await done(() => made.fit(dataset(), how), 'a fit beside an open reader')
      await done(() => made.dispose(), 'dispose beside an open reader')
    },
  },
  {
    name: `trainer: ${method} by two at once`,
    async run() {
      const made = await fitted()
      const before = await textOf(made[method]())
      const both = await done(() => Promise.all([textOf(made[method]()), textOf(made[method]())]))
      same(both, [before, before], 'what the two gave')
      const [one, other] = [opened(made[method]()), opened(made[method]())]
      await done(() => one.first())
      await done(() => other.first())
      same([await one.all(), await other.all()], [before, before], 'what the two gave in turn')
    },
  },
])

const written = {
  itself: [(made) => made.readWeights(), (value) => value],
  'a mean with another': [
    async function* (made, other) {
      const others = await list(other.readWeights())
      for await (const tensor of made.readWeights()) {
        const { data } = others.find(({ name }) => name === tensor.name)
        yield { ...tensor, data: tensor.data.map((value, place) => (value + data[place]) / 2) }
      }
    },
  ],
  noise: [(made) => changed(made.readWeights(), (value) => value + 0.5), (value) => Math.fround(value + 0.5)],
  'what it reads anew for each tensor': [
    async function* (made) {
      for (const { name } of await list(made.readWeights())) {
        yield (await list(made.readWeights())).find((tensor) => tensor.name === name)
      }
    },
    (value) => value,
  ],
  'what it evaluates before each': [
    async function* (made) {
      for (const tensor of await list(made.readWeights())) {
        await made.evaluate(dataset(), { batchSize: 4 })
        await made.predict(images(2))
        yield tensor
      }
    },
    (value) => value,
  ],
  'a list of its own': [async (made) => list(made.readWeights()), (value) => value],
}

const writers = Object.entries(written).map(([what, [source, change]]) => ({
  name: `trainer: writeWeights of ${what}`,
  async run() {
    const [made, other] = [await fitted(), await fitted(2)]
    const before = await list(made.readWeights())
    const tensors = await source(made, other)
    await done(() => made.writeWeights(tensors), 'writeWeights')
    const after = await done(() => list(made.readWeights()), 'readWeights after it')
    if (change === undefined) return
    same(await textOf(after), await textOf(before.map((each) => ({ ...each, data: each.data.map(change) }))), 'weights')
  },
}))

const own = new Error('of the program')

const broken = [
  {
    name: 'trainer: writeWeights of a generator that throws',
    async run() {
      const made = await fitted()
      const before = await textOf(made.readState())
      await endsWith(
        () =>
          made.writeWeights(
            (async function* () {
              for await (const tensor of made.readWeights()) {
                yield { ...tensor, data: tensor.data.map(() => 9) }
                throw own
              }
            })(),
          ),
        own,
      )
      same(await textOf(made.readState()), before, 'the state')
    },
  },
  {
    name: 'trainer: evaluate beside a generator that never gives',
    async run() {
      const made = await fitted()
      const never = made.writeWeights(
        (async function* () {
          yield (await list(made.readWeights()))[0]
          await new Promise(() => {})
        })(),
      )
      never.catch(() => undefined)
      await turn()
      await done(() => made.evaluate(dataset(), { batchSize: 4 }), 'an evaluation')
      await done(() => made.dispose(), 'dispose')
      await refused(() => never, { kinds: 'state' })
    },
  },
  {
    name: 'trainer: readState of a name that there is not',
    async run() {
      const made = await fitted()
      await refused(() => list(made.readState(['nobody'])), { kinds: ['state', 'option'], names: 'nobody' })
    },
  },
  ...[null, 7, 'dense', {}, [7], [null], () => undefined].map((value) => ({
    name: `trainer: readState of ${typeof value === 'function' ? 'a function' : JSON.stringify(value)}`,
    async run() {
      const made = await fitted()
      await refused(async () => list(made.readState(value)), { kinds: ['state', 'option'] })
    },
  })),
]

const tensorsThatAreNone = {
  nothing: () => undefined,
  null: () => null,
  'an empty list': () => [],
  'a text': () => 'dense',
  'a list of null': () => [null],
  'a list of texts': () => ['dense/kernel'],
  'one too few': (all) => all.slice(1),
  'one twice': (all) => [...all, all[0]],
  'one of another name': (all) => [{ ...all[0], name: 'nobody' }, ...all.slice(1)],
  'a name that is no text': (all) => [{ ...all[0], name: Symbol('kernel') }, ...all.slice(1)],
  'another shape': (all) => [{ ...all[0], shape: [1, 1] }, ...all.slice(1)],
  'a shape that is none': (all) => [{ ...all[0], shape: null }, ...all.slice(1)],
  'too few values': (all) => [{ ...all[0], data: all[0].data.subarray(1) }, ...all.slice(1)],
  'no values': (all) => [{ ...all[0], data: undefined }, ...all.slice(1)],
  doubles: (all) => [{ ...all[0], data: Float64Array.from(all[0].data) }, ...all.slice(1)],
  'a list of values': (all) => [{ ...all[0], data: Array.from(all[0].data) }, ...all.slice(1)],
  'values that are no numbers': (all) => [{ ...all[0], data: all[0].data.map(() => Number.NaN) }, ...all.slice(1)],
  'an infinite value': (all) => [{ ...all[0], data: all[0].data.map(() => Infinity) }, ...all.slice(1)],
  'promises of tensors': (all) => all.map(async (tensor) => tensor),
  'a promise of the list': async (all) => all,
}

/** A list of promises is what `for await` takes as well as tensors. */
const taken = ['promises of tensors']

const notTensors = Object.entries(tensorsThatAreNone).map(([what, make]) => ({
  name: `trainer: writeWeights of ${what}`,
  async run() {
    const made = await fitted()
    const before = await textOf(made.readState())
    const tensors = make(await list(made.readWeights()))
    if (taken.includes(what)) await done(() => made.writeWeights(tensors))
    else await refused(() => made.writeWeights(tensors), { kinds: ['state', 'option', 'shape', 'numeric'] })
    same(await textOf(made.readState()), before, 'the state')
  },
}))

export const cases = [...lasting, ...left, ...writers, ...broken, ...notTensors]
