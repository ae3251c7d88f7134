// Doubles of what the trainer promises: whatever is read at any moment of a training is the state after one of its steps.
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { dataset, how, images, openSafetensors, textOf, trainer } from './holding.mjs'
import { done, holds } from './judge.mjs'

export const kind = 'states'

const reads = 100
const fit = { ...how, epochs: 60 }

const views = {
  readState: (made) => textOf(made.readState()),
  readWeights: (made) => textOf(made.readWeights()),
  async saveCheckpoint(made, place) {
    const path = join(place, 'beside.safetensors')
    await made.saveCheckpoint(path)
    const file = await openSafetensors(path)
    try {
      return await textOf(file.read())
    } finally {
      await file.close()
    }
  },
  evaluate: async (made) => JSON.stringify(await made.evaluate(dataset(), { batchSize: 4 })),
  predict: async (made) => (await made.predict(images(5))).join(' '),
}

/** What a view shows before the first step and after each, of a training that nobody disturbs. */
async function shown(view, place) {
  const found = []
  const see = async () => void found.push(await view(made, place))
  const made = trainer({ callbacks: [{ onTrainBegin: see, onStep: see }] })
  await made.fit(dataset(), fit)
  await made.dispose()
  return found
}

const isLoaded = async (path, states) => {
  const other = trainer()
  await other.loadCheckpoint(path)
  const { step } = other.position
  holds(
    states[step] === (await textOf(other.readState())),
    `The checkpoint says step ${step}, and holds another state.`,
  )
  await other.dispose()
}

const single = Object.entries(views).map(([name, view]) => ({
  name: `trainer: ${name} ${reads} times beside a fit`,
  async run(place) {
    const states = await shown(view, place)
    holds(new Set(states).size > fit.epochs, 'The states hardly differ.')
    const made = trainer()
    let isOver = false
    const ended = made.fit(dataset(), fit).finally(() => {
      isOver = true
    })
    const found = []
    // Not in the rhythm of the steps.
    for (let read = 0; read < reads; read++) {
      for (let turns = (read * 7) % 4; turns > 0; turns--) await turn()
      const was = isOver
      found.push({ isBeside: !was, text: await done(() => view(made, place), name) })
    }
    await ended
    const mixed = found.filter(({ text }) => !states.includes(text)).length
    holds(mixed === 0, `${mixed} of ${reads} are the state after no step.`)
    const beside = found.filter(({ isBeside }) => isBeside)
    holds(new Set(beside.map(({ text }) => text)).size > 5, 'It waited for the fit to end.')
    holds(states.at(-1) === (await view(made, place)), 'The training went another way.')
    await made.dispose()
  },
}))

export const cases = [
  ...single,
  {
    name: 'trainer: checkpoints beside a fit say where they stand',
    async run(place) {
      const states = await shown(views.readState, place)
      const made = trainer()
      const ended = made.fit(dataset(), fit)
      const paths = []
      for (let read = 0; read < 20; read++) {
        for (let turns = (read * 7) % 4; turns > 0; turns--) await turn()
        const path = join(place, `${read}.safetensors`)
        await made.saveCheckpoint(path)
        paths.push(path)
      }
      await ended
      for (const path of paths) await isLoaded(path, states)
    },
  },
  {
    name: 'trainer: a training goes on from a checkpoint beside a fit',
    async run(place) {
      const made = trainer()
      const ended = made.fit(dataset(), fit)
      const path = join(place, 'beside.safetensors')
      for (let turns = 0; turns < 30; turns++) await turn()
      await made.saveCheckpoint(path)
      await ended
      const other = trainer()
      await other.loadCheckpoint(path)
      await other.fit(dataset(), fit)
      holds((await textOf(made.readState())) === (await textOf(other.readState())), 'It ends with other weights.')
    },
  },
]
