// Instances of the exported classes, whose methods are called. A class without one is told so.
import { join } from 'node:path'
import { opened } from './a-run.mjs'
import { core, RunFolder, trainer } from './holding.mjs'
import { load } from './library.mjs'

const { RemoteExecutable, WorkerClient } = await load('@convzoo/core/engine')

/** Another thread, which has done at once what it is asked for. */
function channel() {
  let listener
  const answer = ({ type }) => ({ type: type === 'start' ? 'started' : 'done', description: 'nothing' })
  return {
    on: (_, hears) => {
      listener = hears
    },
    postMessage: (request) => setImmediate(() => listener?.(answer(request))),
    ref: () => undefined,
    unref: () => undefined,
  }
}

const makers = {
  ConvzooError: () => new core.ConvzooError({ kind: 'option', message: 'Odd.' }),
  GraphBuilder: () => new core.GraphBuilder(),
  WorkerClient: () => new WorkerClient(channel(), 'nothing'),
  RemoteExecutable: () => {
    const client = new WorkerClient(channel(), 'nothing')
    const program = { state: [], functions: {} }
    return RemoteExecutable.start({ client, program, start: undefined, end: async () => undefined })
  },
  Run: () => opened(),
  RunFolder: (place) => RunFolder.create(join(place, `run-${Math.random()}`), {}),
  TrainedNetwork: () => opened(),
  Trainer: () => trainer(),
}

/** An instance of an exported class. */
export function receiverOf(name, place) {
  const make = makers[name]
  if (make === undefined) throw new Error(`Nobody says how a ${name} is made: tools/misuse/receivers.mjs.`)
  return make(place)
}
