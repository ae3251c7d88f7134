// Callbacks that use their context at odd times and wrongly: again, without waiting, within each other, after the end, with odd values.
import { join } from 'node:path'
import { dataset, how, openSafetensors, textOf, trainer, undisturbed } from './holding.mjs'
import { allRight, done, faultOf, holds, outcomeOf, refused, same } from './judge.mjs'
import { oddValues, own } from './odd-values.mjs'

export const kind = 'contexts'

const events = ['onTrainBegin', 'onStep', 'onEpoch', 'onTrainEnd']

/** A callback that acts on its context whenever something happens, or once. */
const acting = (event, act) => ({
  [event]: (...given) => act(given.at(-1)),
})

const once = (act) => {
  let isDone = false
  return (context) => {
    if (isDone) return undefined
    isDone = true
    return act(context)
  }
}

/** What becomes of a training whose callback acts. */
async function trained(event, act, more = {}) {
  const made = trainer({ callbacks: [acting(event, act)], ...more })
  const outcome = await outcomeOf(() => made.fit(dataset(), how), 'fit')
  return { made, outcome }
}

const fileOf = (place, name = 'odd') => join(place, `${name}.safetensors`)

/** What changes nothing of a training, whenever it is done and however often. */
const looks = {
  readState: (context) => textOf(context.readState()),
  'readState of nothing': (context) => textOf(context.readState([])),
  readWeights: (context) => textOf(context.readWeights()),
  saveCheckpoint: (context, place) => context.saveCheckpoint(fileOf(place)),
  'a reading that is begun': async (context) => {
    for await (const each of context.readState()) return each
  },
  'a reading that is never gone on with': async (context) => {
    await context.readState()[Symbol.asyncIterator]().next()
  },
  'what it shows': async ({ position, score, model, classes, description, state, signal, ending }) =>
    JSON.stringify([position, score, model.classes, classes, description, state.length, signal.aborted, ending]),
}

const looking = events.flatMap((event) =>
  Object.entries(looks).flatMap(([name, look]) =>
    [true, false].map((isAwaited) => ({
      name: `${event}: ${name}, again and again${isAwaited ? '' : ', without waiting'}`,
      async run(place) {
        const begun = []
        const { made, outcome } = await trained(event, async (context) => {
          for (let each = 0; each < 3; each++) {
            const looked = outcomeOf(() => look(context, place), name)
            begun.push(looked)
            if (isAwaited) await looked
          }
        })
        holds(!('error' in outcome), `The training failed: ${outcome.error?.stack}`)
        for (const looked of await Promise.all(begun))
          holds(!('error' in looked), `It was refused: ${looked.error?.stack}`)
        same(await textOf(made.readState()), await undisturbed(), 'the weights')
        await done(() => made.dispose(), 'dispose')
      },
    })),
  ),
)

const later = Object.entries(looks).map(([name, look]) => ({
  name: `the context, ${name}, when training has ended, and when the trainer is disposed of`,
  async run(place) {
    let kept
    const { made, outcome } = await trained('onTrainBegin', (context) => {
      kept = context
    })
    holds(!('error' in outcome), `The training failed: ${outcome.error?.stack}`)
    await done(() => look(kept, place), name)
    same(kept.ending, 'finished', 'the ending')
    await done(() => made.dispose(), 'dispose')
    const { error } = await outcomeOf(() => look(kept, place), name)
    if (error !== undefined) holds(faultOf({ error }, own) === undefined, `It ended with ${error?.stack}`)
  },
}))

const stops = [
  ...events.map((event) => ({
    name: `stop: ${event}, twice, with two reasons`,
    async run() {
      const { made, outcome } = await trained(event, (context) => {
        context.stop('the first')
        context.stop('the second')
      })
      holds(!('error' in outcome), `The training failed: ${outcome.error?.stack}`)
      const { completed, stopped } = outcome.value
      same(completed, true, 'completed')
      if (event !== 'onTrainEnd') same(stopped, 'the first', 'the reason')
      await done(() => made.dispose(), 'dispose')
    },
  })),
  {
    name: 'stop: after the end, which the next training does not hear of',
    async run() {
      let kept
      const made = trainer({
        callbacks: [
          {
            onTrainBegin: (_, context) => {
              kept ??= context
            },
          },
        ],
      })
      await done(() => made.fit(dataset(), { ...how, epochs: 2 }))
      kept.stop('too late')
      const result = await done(() => made.fit(dataset(), how))
      same([result.completed, result.stopped], [true, undefined], 'the second training')
      same(await textOf(made.readState()), await undisturbed(), 'the weights')
    },
  },
  {
    name: 'stop: with odd reasons',
    async run() {
      const faults = []
      for (const [what, reason] of Object.entries(oddValues())) {
        const { outcome } = await trained('onStep', ({ stop }) => stop(reason))
        const isText = reason === undefined || typeof reason === 'string'
        if (!('error' in outcome)) faults.push([what, isText ? undefined : `taken: ${outcome.value.stopped}`])
        else faults.push([what, faultOf(outcome, own)])
      }
      allRight(faults)
    },
  },
]

/** What a callback may write, and what not. */
const oddTensors = {
  nothing: () => undefined,
  'a number': () => 7,
  'a list of null': () => [null],
  'a list of nothing': () => [{}],
  'a tensor of nobody': () => [{ name: 'nobody', shape: [1], data: new Float32Array(1) }],
  'a tensor of another shape': ([first]) => [{ ...first, shape: [1], data: new Float32Array(1) }],
  'too few values': ([first]) => [{ ...first, data: first.data.subarray(1) }],
  'no numbers': ([first]) => [{ ...first, data: first.data.map(() => Number.NaN) }],
  'one twice': ([first]) => [first, first],
  'a text for values': ([first]) => [{ ...first, data: 'odd' }],
}

const listOf = async (tensors) => {
  const all = []
  for await (const each of tensors) all.push(each)
  return all
}

const writes = [
  ...Object.entries(oddTensors).map(([what, make]) => ({
    name: `writeState: ${what}, in a step`,
    async run() {
      let refusal
      const { made, outcome } = await trained(
        'onStep',
        once(async (context) => {
          const tensors = make(await listOf(context.readWeights()))
          refusal = await outcomeOf(() => context.writeState(tensors), 'writeState')
        }),
      )
      holds('error' in refusal, 'It was taken.')
      holds(faultOf(refusal, own) === undefined, `It ended with ${refusal.error?.stack}`)
      holds(!('error' in outcome), `The training failed: ${outcome.error?.stack}`)
      same(await textOf(made.readState()), await undisturbed(), 'the weights, of which nothing was replaced')
    },
  })),
  {
    name: 'writeState: tensors that fail on their way, in a step',
    async run() {
      let refusal
      const { made, outcome } = await trained(
        'onStep',
        once(async (context) => {
          const [first] = await listOf(context.readWeights())
          const failing = async function* () {
            yield { ...first, data: first.data.map(() => 0) }
            throw own
          }
          refusal = await outcomeOf(() => context.writeState(failing()), 'writeState')
        }),
      )
      holds(refusal.error === own, `It ended with ${refusal.error?.stack}`)
      holds(!('error' in outcome), `The training failed: ${outcome.error?.stack}`)
      same(await textOf(made.readState()), await undisturbed(), 'the weights, of which nothing was replaced')
    },
  },
  ...events.map((event) => ({
    name: `writeState: of what it reads, ${event}, without waiting`,
    async run() {
      const begun = []
      const { made, outcome } = await trained(event, (context) => {
        begun.push(outcomeOf(() => context.writeState(context.readWeights()), 'writeState'))
      })
      holds(!('error' in outcome), `The training failed: ${outcome.error?.stack}`)
      for (const { error } of await Promise.all(begun))
        if (error !== undefined) holds(faultOf({ error }, own) === undefined, `It ended with ${error?.stack}`)
      await done(() => made.dispose(), 'dispose')
    },
  })),
  {
    name: 'writeState: after the end, and after dispose',
    async run() {
      let kept
      const { made } = await trained('onTrainEnd', (context) => {
        kept = context
      })
      const tensors = await listOf(made.readWeights())
      const after = await outcomeOf(() => kept.writeState(tensors), 'writeState')
      if ('error' in after) holds(faultOf(after, own) === undefined, `It ended with ${after.error?.stack}`)
      await done(() => made.dispose(), 'dispose')
      await refused(() => kept.writeState(tensors), { kinds: 'state' })
    },
  },
]

const others = [
  {
    name: 'writeWeights of the trainer, partial, within onStep',
    async run() {
      let refusal
      const made = trainer({
        callbacks: [
          acting(
            'onStep',
            once(async (context) => {
              const tensors = await listOf(context.readWeights())
              refusal = await outcomeOf(() => made.writeWeights(tensors.slice(1), { partial: true }), 'writeWeights')
            }),
          ),
        ],
      })
      await done(() => made.fit(dataset(), how), 'fit')
      holds(refusal?.error !== undefined, 'It was taken.')
      holds(faultOf(refusal, own) === undefined, `It ended with ${refusal.error?.stack}`)
      same(await textOf(made.readState()), await undisturbed(), 'the weights')
    },
  },
  {
    name: 'saveCheckpoint: odd paths',
    async run() {
      const faults = []
      for (const [what, path] of Object.entries(oddValues())) {
        const { outcome } = await trained('onEpoch', (context) => context.saveCheckpoint(path))
        const isText = what === 'a text'
        if (!('error' in outcome)) faults.push([what, isText ? undefined : 'taken'])
        else faults.push([what, faultOf(outcome, own)])
      }
      allRight(faults)
    },
  },
  {
    name: 'saveCheckpoint: a function that gives odd paths',
    async run() {
      const faults = []
      for (const [what, path] of Object.entries(oddValues())) {
        const { outcome } = await trained('onEpoch', (context) => context.saveCheckpoint(() => path))
        if (!('error' in outcome)) faults.push([what, what === 'a text' ? undefined : 'taken'])
        else faults.push([what, faultOf(outcome, own)])
      }
      allRight(faults)
    },
  },
  {
    name: 'readState: odd names',
    async run() {
      const faults = []
      for (const [what, names] of Object.entries(oddValues())) {
        const { outcome } = await trained(
          'onEpoch',
          once(async (context) => textOf(context.readState(names))),
        )
        const isFine = ['undefined', 'an empty list'].includes(what)
        if (!('error' in outcome)) faults.push([what, isFine ? undefined : 'taken'])
        else faults.push([what, faultOf(outcome, own)])
      }
      allRight(faults)
    },
  },
  {
    name: 'saveCheckpoint: two callbacks at one moment hold the same',
    async run(place) {
      const paths = ['one', 'other'].map((name) => fileOf(place, name))
      const callbacks = paths.map((path) => ({ onEpoch: (_, context) => context.saveCheckpoint(path) }))
      const made = trainer({ callbacks })
      await done(() => made.fit(dataset(), how), 'fit')
      const texts = []
      for (const path of paths) {
        const file = await openSafetensors(path)
        texts.push(await textOf(file.read()))
        await file.close()
      }
      same(texts[0], texts[1], 'the two checkpoints')
    },
  },
  {
    name: 'a callback that waits for what never comes is left when training is aborted',
    async run() {
      const controller = new AbortController()
      const made = trainer({
        callbacks: [
          {
            onStep: (_, { signal }) => {
              controller.abort()
              return new Promise((resolve) => {
                if (!signal.aborted) signal.addEventListener('abort', resolve)
              })
            },
          },
        ],
      })
      const result = await done(() => made.fit(dataset(), { ...how, signal: controller.signal }), 'fit')
      same(result.completed, false, 'completed')
    },
  },
]

/** What a callback remembers that a checkpoint cannot hold. */
const oddMemories = {
  'a function': () => () => 1,
  'a symbol': () => Symbol('odd'),
  'a big number': () => 10n,
  'no number': () => Number.NaN,
  'a map': () => new Map([['a', 1]]),
  'what leads back to itself': () => oddValues()['an object that leads back to itself'],
  'a promise': () => Promise.resolve({}),
  'an error': () => {
    throw own
  },
}

const memories = [
  ...Object.entries(oddMemories).map(([what, state]) => ({
    name: `a callback that remembers ${what}`,
    async run(place) {
      const { made } = await trained('onEpoch', () => undefined, {
        callbacks: [{ name: 'odd', state, restore: () => undefined, onStep: () => undefined }],
      })
      const saved = await outcomeOf(() => made.saveCheckpoint(fileOf(place)), 'saveCheckpoint')
      holds('error' in saved, 'It was saved.')
      holds(faultOf(saved, own) === undefined, `It ended with ${saved.error?.stack}`)
    },
  })),
  {
    name: 'two callbacks that remember under one name, and one without a name',
    async run() {
      const remembers = { state: () => 1, restore: () => undefined, onStep: () => undefined }
      await refused(() => trainer({ callbacks: ['a', 'a'].map((name) => ({ name, ...remembers })) }), {
        kinds: 'option',
      })
      await refused(() => trainer({ callbacks: [remembers] }), { kinds: 'option' })
    },
  },
]

export const cases = [...looking, ...later, ...stops, ...writes, ...others, ...memories]
