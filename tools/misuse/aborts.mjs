// A signal that is given at each place where a training or an evaluation waits, `dispose` at the same places, and waits that never end.
import { setImmediate as turn } from 'node:timers/promises'
import { batchOf, dataset, engine, how, textOf, trainer, undisturbed } from './holding.mjs'
import { done, endsWith, holds, outcomeOf, requireOurs, same } from './judge.mjs'

export const kind = 'aborts'

const never = () => new Promise(() => {})

/** Where it waits: each place gets its `wait`, which is awaited there whenever it is passed. */
const places = {
  compile: (wait) => ({ engine: { compile: wait } }),
  run: (wait) => ({ engine: { run: wait } }),
  batch: (wait) => ({ batch: wait }),
  'validation batch': (wait) => ({ validationBatch: wait }),
  fingerprint: (wait) => ({ fingerprint: wait }),
  onTrainBegin: (wait) => ({ callback: { onTrainBegin: wait } }),
  onStep: (wait) => ({ callback: { onStep: wait } }),
  onEpoch: (wait) => ({ callback: { onEpoch: wait } }),
  onTrainEnd: (wait) => ({ callback: { onTrainEnd: wait } }),
  onValidated: (wait) => ({ onValidated: wait }),
}

/** A trainer and its fit, which waits in one place. */
function training(place, wait) {
  const { engine: within, callback, batch, validationBatch, fingerprint, onValidated } = places[place](wait)
  const made = trainer({ engine: engine(within), ...(callback === undefined ? {} : { callbacks: [callback] }) })
  const data = (hook) =>
    dataset({
      batch: async (indices) => {
        await hook?.()
        return batchOf(indices)
      },
    })
  const given = {
    ...data(batch),
    ...(fingerprint === undefined ? {} : { fingerprint: async () => (await fingerprint()) ?? 'f' }),
  }
  const options = {
    ...how,
    validation: data(validationBatch),
    ...(onValidated === undefined ? {} : { onValidated }),
  }
  return {
    made,
    train: (more) => made.fit(given, { ...options, ...more }),
    plain: () => made.fit({ ...given, batch: async (indices) => batchOf(indices) }, how),
  }
}

/** Something that happens the k-th time that a place is passed. */
function counted(place, k, act) {
  let passed = 0
  const held = training(place, async () => {
    passed++
    if (passed === k) await act(held)
  })
  return { ...held, passed: () => passed }
}

const times = [1, 2, 3, 5, 8]

const reasons = {
  'no reason': [],
  'an error': [new Error('of the program')],
  'a text': ['enough'],
  null: [null],
}

/** The fit says that it was not completed, and another goes on to the same weights. */
async function stopsAndGoesOn({ made, train, plain }, signal, isPassed) {
  const result = await done(() => train({ signal }), 'fit')
  if (!isPassed()) return
  holds(
    result.completed === false || made.position.epoch === how.epochs,
    `It says ${JSON.stringify(result).slice(0, 200)}`,
  )
  holds(
    result.completed === (made.position.epoch === how.epochs),
    'It says that it is completed, and is not, or the other way.',
  )
  const again = await done(() => plain(), 'the fit that goes on')
  holds(again.completed, 'The fit that goes on is not completed.')
  same(await textOf(made.readState()), await undisturbed(), 'the weights after both')
  await done(() => made.dispose(), 'dispose')
}

const given = Object.keys(places).flatMap((place) =>
  times.map((k) => ({
    name: `fit: aborted in ${place} ${k}`,
    async run() {
      const controller = new AbortController()
      const held = counted(place, k, async () => controller.abort())
      await stopsAndGoesOn(held, controller.signal, () => held.passed() >= k)
    },
  })),
)

const mid = Object.keys(places).map((place) => ({
  name: `fit: aborted while ${place} waits`,
  async run() {
    const controller = new AbortController()
    const held = counted(place, 2, async () => {
      setTimeout(() => controller.abort(), 5)
      await new Promise((resolve) => setTimeout(resolve, 40))
    })
    await stopsAndGoesOn(held, controller.signal, () => held.passed() >= 2)
  },
}))

/** What an abort ends: waits for data, and for what the program does. What the engine does is waited for. */
const endless = Object.keys(places).filter((place) => !['compile', 'run', 'onTrainEnd'].includes(place))

const hanging = endless.flatMap((place) => [
  {
    name: `fit: aborted while ${place} never ends`,
    async run() {
      const controller = new AbortController()
      const { made, train } = training(place, never)
      const ended = outcomeOf(() => train({ signal: controller.signal }), 'fit')
      setTimeout(() => controller.abort(), 50)
      const outcome = await ended
      holds(
        outcome.value?.completed === false,
        `It says ${JSON.stringify(outcome.value)} ${outcome.error?.stack ?? ''}`,
      )
      await done(() => made.dispose(), 'dispose')
    },
  },
  {
    name: `fit: dispose while ${place} never ends`,
    async run() {
      const { made, train } = training(place, never)
      const ended = outcomeOf(() => train(), 'fit')
      await new Promise((resolve) => setTimeout(resolve, 50))
      await done(() => made.dispose(), 'dispose')
      const outcome = await ended
      holds('error' in outcome, `It says ${JSON.stringify(outcome.value)}`)
      requireOurs(outcome.error, { kinds: 'state' })
    },
  },
])

const disposed = Object.keys(places).map((place) => ({
  name: `fit: dispose in ${place}`,
  async run() {
    for (const k of times) {
      let disposing
      const held = counted(place, k, async ({ made }) => {
        disposing = made.dispose()
        disposing.catch(() => undefined)
      })
      const outcome = await outcomeOf(() => held.train(), 'fit')
      if (held.passed() < k) continue
      await done(() => disposing, 'dispose')
      if (place === 'onTrainEnd' && !('error' in outcome)) continue
      holds('error' in outcome, `It says ${JSON.stringify(outcome.value)?.slice(0, 200)}`)
      requireOurs(outcome.error, { kinds: 'state' })
    }
  },
}))

const own = new Error('of the program')

/** What the program throws is what is seen, and the trainer is of use after it. */
const throwing = Object.keys(places).flatMap((place) =>
  ['throws', 'rejects'].map((how2) => ({
    name: `fit: ${place} ${how2}`,
    async run() {
      let isDone = false
      const { made, train, plain } = training(place, () => {
        if (isDone) return undefined
        isDone = true
        if (how2 === 'throws') throw own
        return Promise.reject(own)
      })
      await seen(() => train())
      await done(() => plain(), 'a fit after it')
      same(await textOf(made.readState()), await undisturbed(), 'the weights after both')
    },
  })),
)

/** Its own error, or one of ours that has it as its cause. */
async function seen(work) {
  const { value, error } = await outcomeOf(work)
  holds(value === undefined, `It was taken: ${JSON.stringify(value)?.slice(0, 200)}`)
  if (error === own) return
  requireOurs(error)
  holds(error.cause === own, 'The error of the program is not its cause.')
}

const hidden = ['batch', 'onTrainBegin', 'onStep', 'onEpoch', 'onValidated'].map((place) => ({
  name: `fit: onTrainEnd throws after ${place}`,
  async run() {
    const fail = () => Promise.reject(own)
    const onTrainEnd = () => Promise.reject(new Error('the second'))
    const isCallback = ['onTrainBegin', 'onStep', 'onEpoch'].includes(place)
    const made = trainer({ callbacks: [{ ...(isCallback ? { [place]: fail } : {}), onTrainEnd }] })
    const data = place === 'batch' ? dataset({ batch: fail }) : dataset()
    const more = place === 'onValidated' ? { validation: dataset(), onValidated: fail } : {}
    await seen(() => made.fit(data, { ...how, ...more }))
  },
}))

const evaluations = [
  ...Object.entries(reasons).flatMap(([what, reason]) => [
    {
      name: `evaluate: aborted before it, with ${what}`,
      async run() {
        const signal = AbortSignal.abort(...reason)
        const made = trainer()
        await endsWith(() => made.evaluate(dataset(), { batchSize: 4, signal }), signal.reason)
        await done(() => made.evaluate(dataset(), { batchSize: 4 }), 'one after it')
      },
    },
    {
      name: `fit: aborted before it, with ${what}`,
      async run() {
        const made = trainer()
        const result = await done(() => made.fit(dataset(), { ...how, signal: AbortSignal.abort(...reason) }))
        same(result, { completed: false, epochs: [] }, 'the result')
        holds(
          (await done(() => made.fit(dataset(), how), 'a fit after it')).completed,
          'The fit after it is not completed.',
        )
      },
    },
  ]),
  ...[1, 2, 3].flatMap((k) => [
    {
      name: `evaluate: aborted in batch ${k}`,
      run: () => evaluated((controller) => ({ batch: at(k, () => controller.abort(own)) })),
    },
    {
      name: `evaluate: aborted in onEvaluated ${k}`,
      run: () => evaluated((controller) => ({ onEvaluated: at(k, () => controller.abort(own)) })),
    },
  ]),
  {
    name: 'evaluate: aborted while batch never ends',
    run: () => evaluated((controller) => ({ batch: at(2, () => abortSoon(controller)) })),
  },
  {
    name: 'evaluate: aborted while onEvaluated never ends',
    run: () => evaluated((controller) => ({ onEvaluated: at(2, () => abortSoon(controller)) })),
  },
  {
    name: 'evaluate: aborted while compile waits',
    run: () => evaluated((controller) => ({ compile: async () => controller.abort(own) })),
  },
  ...['throws', 'rejects'].map((how2) => ({
    name: `evaluate: onEvaluated ${how2}`,
    async run() {
      const onEvaluated = () => {
        if (how2 === 'throws') throw own
        return Promise.reject(own)
      }
      await seen(() => trainer().evaluate(dataset(), { batchSize: 4, onEvaluated }))
    },
  })),
  ...['batch', 'onEvaluated'].map((place) => ({
    name: `evaluate: dispose while ${place} never ends`,
    async run() {
      const made = trainer()
      const more = place === 'batch' ? { batch: never } : {}
      const ended = outcomeOf(() =>
        made.evaluate(dataset(more), { batchSize: 4, ...(place === 'batch' ? {} : { onEvaluated: never }) }),
      )
      await new Promise((resolve) => setTimeout(resolve, 50))
      await done(() => made.dispose(), 'dispose')
      const outcome = await ended
      holds('error' in outcome, `It says ${JSON.stringify(outcome.value)}`)
      requireOurs(outcome.error, { kinds: 'state' })
    },
  })),
]

/** Acts the k-th time that it is called. */
function at(k, act) {
  let calls = 0
  return () => {
    calls++
    return calls === k ? act() : undefined
  }
}

function abortSoon(controller) {
  setTimeout(() => controller.abort(own), 20)
  return never()
}

/** An evaluation of three batches that something aborts ends with the reason, and the trainer is of use after it. */
async function evaluated(make) {
  const controller = new AbortController()
  const { batch, onEvaluated, compile } = make(controller)
  const made = trainer({ engine: engine(compile === undefined ? {} : { compile }) })
  const data = dataset({
    length: 10,
    batch: async (indices) => {
      await batch?.()
      await turn()
      return batchOf(indices)
    },
  })
  const options = { batchSize: 4, signal: controller.signal, ...(onEvaluated === undefined ? {} : { onEvaluated }) }
  const outcome = await outcomeOf(() => made.evaluate(data, options), 'evaluate')
  // Aborted at the very end it may be done.
  if ('error' in outcome) holds(outcome.error === own, `It ended with another error: ${outcome.error?.stack}`)
  else holds(outcome.value.samples === 10, 'It gives a score of a part of the samples.')
  await done(() => made.evaluate(dataset(), { batchSize: 4 }), 'an evaluation after it')
}

export const cases = [...given, ...mid, ...hanging, ...disposed, ...throwing, ...hidden, ...evaluations]
