// Everything before, beside, within and after everything else that a trainer does.
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { dataset, engine, how, images, textOf, trainer, undisturbed } from './holding.mjs'
import { done, holds, outcomeOf, refused, requireOurs, same } from './judge.mjs'

export const kind = 'orders'

const read = async (tensors) => (await textOf(tensors)).length

/** Each thing that a trainer does, on data of its own, by name. */
const deeds = {
  fit: (made) => made.fit(dataset(), how),
  evaluate: (made) => made.evaluate(dataset(), { batchSize: 4 }),
  predict: (made) => made.predict(images(3)),
  prepare: (made) => made.prepare({ predict: [{ samples: 5, batchSize: 5 }] }),
  saveCheckpoint: (made, place) => made.saveCheckpoint(join(place, 'saved.safetensors')),
  loadCheckpoint: (made, place) => made.loadCheckpoint(join(place, 'before.safetensors')),
  readWeights: (made) => read(made.readWeights()),
  readState: (made) => read(made.readState()),
  writeWeights: (made, _, weights) => made.writeWeights(weights),
}

/** What would change the state that a fit stands on. */
const disturbing = ['fit', 'loadCheckpoint', 'writeWeights']

/** Weights and a checkpoint of a trainer that has done one epoch. */
async function begun(place) {
  const made = trainer()
  await made.fit(dataset(), { ...how, epochs: 1 })
  await made.saveCheckpoint(join(place, 'before.safetensors'))
  const weights = []
  for await (const tensor of made.readWeights()) weights.push(tensor)
  await made.dispose()
  return weights
}

/** Right is: done or refused with `state`, and the training ends as if nothing had been. */
const within = (moment, name, hook) => ({
  name: `trainer: ${name} ${moment}`,
  async run(place) {
    const weights = await begun(place)
    let isTried = false
    let outcome
    const act = async (made) => {
      if (isTried) return
      isTried = true
      outcome = await outcomeOf(() => deeds[name](made, place, weights), name)
    }
    const made = hook.trainer(act)
    await done(() => made.fit(dataset(), { ...how, ...hook.fit?.(act, () => made) }), 'fit')
    holds(outcome !== undefined, isTried ? `${name} was not waited for.` : `${name} was never tried.`)
    if (!disturbing.includes(name)) holds(!('error' in outcome), `It was refused: ${outcome.error?.message}`)
    else if ('error' in outcome) requireOurs(outcome.error, { kinds: 'state' })
    else holds(hook.isOver, 'It was taken.')
    if (!hook.isOver) same(await textOf(made.readState()), await undisturbed(), 'the weights after it')
    await done(() => made.dispose(), 'dispose')
  },
})

/** A trainer whose callback acts, once. */
const called = (event) => ({
  isOver: event === 'onTrainEnd',
  trainer: (act) => {
    const made = trainer({ callbacks: [{ [event]: () => act(made) }] })
    return made
  },
})

const listening = {
  trainer: () => trainer(),
  fit: (act, made) => ({ validation: dataset(), onValidated: () => act(made()) }),
}

const names = Object.keys(deeds)

const fromCallbacks = names.flatMap((name) => [
  ...['onTrainBegin', 'onStep', 'onEpoch', 'onTrainEnd'].map((event) => within(`within ${event}`, name, called(event))),
  within('within onValidated', name, listening),
])

const beside = names.map((name) => ({
  name: `trainer: ${name} beside a fit`,
  async run(place) {
    const weights = await begun(place)
    for (let turns = 0; turns < 12; turns++) {
      const made = trainer()
      const fit = outcomeOf(() => made.fit(dataset(), how), 'fit')
      for (let each = 0; each < turns; each++) await turn()
      const outcome = await outcomeOf(() => deeds[name](made, place, weights), name)
      const ended = await fit
      holds(!('error' in ended), `The fit failed: ${ended.error?.stack}`)
      holds(ended.value.completed, 'The fit did not end.')
      if (disturbing.includes(name)) {
        holds('error' in outcome, `It was taken ${turns} turns after the fit began.`)
        requireOurs(outcome.error, { kinds: 'state' })
      } else holds(!('error' in outcome), `It was refused: ${outcome.error?.stack}`)
      same(
        await textOf(made.readState()),
        await undisturbed(),
        `the weights after it, ${turns} turns after the fit began`,
      )
      await done(() => made.dispose(), 'dispose')
    }
  },
}))

const first = names.map((name) => ({
  name: `trainer: ${name} before everything`,
  async run(place) {
    const weights = await begun(place)
    const made = trainer()
    await done(() => deeds[name](made, place, weights), name)
    await done(() => made.dispose(), 'dispose')
  },
}))

const after = names.map((name) => ({
  name: `trainer: ${name} after dispose`,
  async run(place) {
    const weights = await begun(place)
    for (const isUsed of [false, true]) {
      const made = trainer()
      if (isUsed) await made.fit(dataset(), how)
      await done(() => made.dispose(), 'dispose')
      await refused(() => deeds[name](made, place, weights), { kinds: 'state' })
    }
  },
}))

const twice = names.map((name) => ({
  name: `trainer: ${name} twice at once`,
  async run(place) {
    const weights = await begun(place)
    const made = trainer()
    const both = [1, 2].map(() => outcomeOf(() => deeds[name](made, place, weights), name))
    const [one, other] = await Promise.all(both)
    holds(!('error' in one), `The first was refused: ${one.error?.stack}`)
    if (name === 'fit') requireOurs(other.error, { kinds: 'state' })
    else if (disturbing.includes(name) && 'error' in other) requireOurs(other.error, { kinds: 'state' })
    else holds(!('error' in other), `The second was refused: ${other.error?.stack}`)
    await done(() => made.dispose(), 'dispose')
  },
}))

/** `dispose` while something runs: it is told so, and nothing hangs. */
const disposed = names.map((name) => ({
  name: `trainer: dispose during ${name}`,
  async run(place) {
    const weights = await begun(place)
    for (let turns = 0; turns < 10; turns++) {
      const made = trainer()
      const work = outcomeOf(() => deeds[name](made, place, weights), name)
      for (let each = 0; each < turns; each++) await turn()
      await done(() => made.dispose(), 'dispose')
      await done(() => made.dispose(), 'the second dispose')
      const outcome = await work
      if ('error' in outcome) requireOurs(outcome.error, { kinds: 'state' })
      else if (name === 'fit') holds(false, `fit went on, as if done: ${JSON.stringify(outcome.value).slice(0, 200)}`)
    }
  },
}))

const fromWithin = ['onTrainBegin', 'onStep', 'onEpoch', 'onTrainEnd'].map((event) => ({
  name: `trainer: dispose within ${event}`,
  async run() {
    for (const isAwaited of [true, false]) {
      const made = trainer({
        callbacks: [
          {
            async [event]() {
              const disposing = made.dispose()
              if (isAwaited) await disposing
            },
          },
        ],
      })
      const outcome = await outcomeOf(() => made.fit(dataset(), how), 'fit')
      if ('error' in outcome) requireOurs(outcome.error, { kinds: 'state' })
      else holds(event === 'onTrainEnd', 'fit went on, as if done.')
    }
  },
}))

const rest = [
  {
    name: 'trainer: two trainers on one engine',
    async run() {
      const shared = engine()
      const [one, other] = [trainer({ engine: shared }), trainer({ engine: shared })]
      await done(() => Promise.all([one, other].map((made) => made.fit(dataset(), how))))
      same(await textOf(one.readState()), await textOf(other.readState()), 'the states of the two')
      await one.dispose()
      await done(() => other.predict(images(2)))
    },
  },
  {
    name: 'trainer: fit after a fit that is done',
    async run() {
      const made = trainer()
      await made.fit(dataset(), how)
      const again = await done(() => made.fit(dataset(), how))
      same([again.completed, again.epochs.length], [true, 0], 'the second fit')
      same(await textOf(made.readState()), await undisturbed(), 'the weights')
    },
  },
  {
    name: 'trainer: score before the first step',
    async run() {
      const made = trainer()
      same(made.score, undefined, 'the score of nothing')
      await made.fit(dataset(), how)
      holds(made.score?.samples === 8, 'After an epoch there is no score of it.')
    },
  },
]

export const cases = [...first, ...fromCallbacks, ...beside, ...after, ...twice, ...disposed, ...fromWithin, ...rest]
