// Definitions of plugins that make nonsense: of optimizers, losses, schedules, engines, datasets and callbacks.
import { core, dataset, how, trainer } from './holding.mjs'
import { faultOf, holds, outcomeOf } from './judge.mjs'
import { load } from './library.mjs'
import { own } from './odd-values.mjs'

const { sourceOf } = await load('@convzoo/data')

export const kind = 'definitions'

/** What a function of a definition may give that is nothing of use. */
const nonsense = {
  nothing: () => undefined,
  null: () => null,
  'a number': () => 7,
  'a text': () => 'odd',
  'a list of null': () => [null],
  'an empty object': () => ({}),
  'a promise': () => Promise.resolve(),
  'a function': () => () => undefined,
  'an error of its own': () => {
    throw own
  },
}

const described = (contract, more) => ({
  specification: `${contract}/v1`,
  name: 'odd',
  title: 'Odd',
  options: {},
  ...more,
})

const trained = (more) => trainer(more).fit(dataset(), how)

let schedules = 0

/** What is made of a function that gives nonsense, and used; and what of that is of use all the same. */
const uses = {
  'optimizer, rule': {
    use: (rule) => trained({ optimizer: core.defineOptimizer(described('optimizer', { learningRate: 0.1, rule }))() }),
  },
  'optimizer, slots': {
    use: (gives) =>
      trained({
        optimizer: core.defineOptimizer(
          described('optimizer', {
            learningRate: 0.1,
            rule: () => ({ slots: gives(), update: ({ weight }) => ({ weight, slots: {} }) }),
          }),
        )(),
      }),
    fine: ['nothing', 'an empty object'],
  },
  'optimizer, update': {
    use: (update) =>
      trained({
        optimizer: core.defineOptimizer(described('optimizer', { learningRate: 0.1, rule: () => ({ update }) }))(),
      }),
  },
  'loss, losses': { use: (losses) => trained({ loss: core.defineLoss(described('loss', { losses }))() }) },
  'schedule, at': {
    use: (at) => {
      const name = `odd-${schedules++}`
      const odd = core.defineSchedule({ ...described('schedule', { at, ofRun: [] }), name, package: 'odd' })
      return trained({ optimizer: core.sgdw({ weightDecay: 0, learningRate: odd() }) })
    },
    fine: ['a number'],
  },
  'engine, create': {
    use: async (create) => {
      const engine = core.defineEngine(described('engine', { create }))()
      await engine.devices()
      return trained({ engine })
    },
  },
  'engine, devices': {
    use: async (devices) => {
      const engine = core.defineEngine(described('engine', { create: () => ({ devices, compile: devices }) }))()
      return trained({ engine })
    },
  },
  'callback, create': {
    use: (create) => trained({ callbacks: [core.defineCallback(described('callback', { create }))()] }),
  },
  'callback, onStep': {
    use: (gives) =>
      trained({
        callbacks: [core.defineCallback(described('callback', { create: () => ({ onStep: gives() }) }))()],
      }),
    fine: ['a function'],
  },
  'dataset, load': {
    use: async (load) => (await sourceOf(core.defineDataset(described('dataset', { load })))).classes,
  },
  'dataset, train': {
    use: async (train) => {
      const load = () => ({ classes: ['a', 'b'], train })
      const source = await sourceOf(core.defineDataset(described('dataset', { load })))
      return source.load('train', { imageShape: [2, 2, 1] })
    },
  },
}

export const cases = Object.entries(uses).flatMap(([what, { use, fine = [] }]) =>
  Object.entries(nonsense).map(([gives, make]) => ({
    name: `${what} gives ${gives}`,
    async run() {
      const outcome = await outcomeOf(() => use(make))
      if (!('error' in outcome)) return holds(fine.includes(gives), 'It was taken.')
      const { error } = outcome
      if (error === own || error?.cause === own) return undefined
      const fault = faultOf(outcome, own)
      holds(fault === undefined, `${fault}\n${error?.stack}`)
      return holds(!fine.includes(gives), `It was refused: ${error.message}`)
    },
  })),
)
