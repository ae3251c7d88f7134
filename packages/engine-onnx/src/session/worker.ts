import { parentPort } from 'node:worker_threads'
import { internalError, sizeOf, uniformForSamples } from '@convzoo/core'
import type * as Runtime from 'onnxruntime-node'
import type { LoweredFunction, Port } from '../lowering/lowered.js'
import type { Answer, Arrays, Request, WorkerStart } from './protocol.js'
import { StateStore } from './state-store.js'

/** A function ready to run: its session, and tensors around memory that is used again and again. */
interface Ready {
  readonly lowered: LoweredFunction
  readonly session: Runtime.InferenceSession
  readonly randoms: ReadonlyMap<string, Float32Array>
}

interface Running {
  readonly runtime: typeof Runtime
  readonly functions: ReadonlyMap<string, Ready>
  readonly state: StateStore
}

class MissingRuntime extends Error {}

async function loadRuntime(): Promise<typeof Runtime> {
  try {
    return await import('onnxruntime-node')
  } catch (error) {
    throw new MissingRuntime(error instanceof Error ? error.message : String(error))
  }
}

async function start({ functions, state, threads }: WorkerStart): Promise<Running> {
  const runtime = await loadRuntime()
  const ready = new Map<string, Ready>()
  for (const lowered of functions) {
    const session = await runtime.InferenceSession.create(lowered.model, {
      executionProviders: ['cpu'],
      executionMode: 'sequential',
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all',
    })
    const randoms = new Map(lowered.randoms.map((port) => [port.tensor, new Float32Array(sizeOf(port.shape))]))
    ready.set(lowered.name, { lowered, session, randoms })
  }
  return { runtime, functions: ready, state: new StateStore(state) }
}

async function run({ runtime, functions, state }: Running, name: string, inputs: Arrays): Promise<Answer> {
  const ready = functions.get(name)
  if (ready === undefined) throw internalError(`There is no function ${name}.`)
  const { lowered, session, randoms } = ready
  const float = (data: Float32Array, { shape }: Port) => new runtime.Tensor('float32', data, shape)

  const feeds: Record<string, Runtime.Tensor> = {}
  for (const port of lowered.inputs) {
    const data = inputs[port.name]
    if (lowered.fed.includes(port.name) && data instanceof Float32Array) feeds[port.tensor] = float(data, port)
  }
  for (const port of lowered.states) feeds[port.tensor] = float(state.current(port.name), port)
  for (const port of lowered.randoms) {
    const data = randoms.get(port.tensor)
    const [low = 0, high = 0] = inputs[port.seed] ?? []
    const [step = 0] = inputs[port.step] ?? []
    if (data === undefined) continue
    uniformForSamples(
      { seed: [low, high], stream: port.name, step, sampleIndices: inputs[port.sampleIndices] ?? [] },
      data,
    )
    feeds[port.tensor] = float(data, port)
  }
  const fetches: Record<string, Runtime.Tensor | null> = {}
  for (const port of lowered.assignments) fetches[port.tensor] = float(state.next(port.name), port)
  for (const port of lowered.outputs) fetches[port.tensor] = null
  if (lowered.guard !== undefined) fetches[lowered.guard] = null

  const results = await session.run(feeds, fetches)
  if (lowered.guard === undefined || results[lowered.guard]?.data[0] === 1) {
    state.commit(lowered.assignments.map((port) => port.name))
  }
  const outputs: Record<string, Float32Array | Uint8Array> = {}
  for (const port of lowered.outputs) {
    const data = results[port.tensor]?.data
    if (data instanceof Float32Array || data instanceof Uint8Array) outputs[port.name] = data.slice()
  }
  return { type: 'ran', outputs, inputs }
}

let running: Running | undefined

async function answer(request: Request): Promise<Answer> {
  if (request.type === 'start') {
    running = await start(request.start)
    return { type: 'done' }
  }
  if (running === undefined) throw internalError('The worker was asked before it was started.')
  switch (request.type) {
    case 'run':
      return run(running, request.name, request.inputs)
    case 'read':
      return { type: 'read', data: running.state.current(request.name).slice() }
    case 'stage':
      running.state.stage(request.name, request.data)
      return { type: 'done' }
    case 'commit':
      running.state.commitStaged()
      return { type: 'done' }
    case 'discard':
      running.state.discardStaged()
      return { type: 'done' }
    case 'stop':
      for (const { session } of running.functions.values()) await session.release()
      running = undefined
      return { type: 'done' }
  }
}

function transferred(reply: Answer): ArrayBuffer[] {
  const arrays =
    reply.type === 'ran'
      ? [...Object.values(reply.outputs), ...Object.values(reply.inputs)]
      : reply.type === 'read'
        ? [reply.data]
        : []
  return arrays.flatMap(({ buffer }) => (buffer instanceof ArrayBuffer ? [buffer] : []))
}

function failure(error: unknown): Answer {
  const message = error instanceof Error ? error.message : String(error)
  return { type: 'failed', message, missingRuntime: error instanceof MissingRuntime }
}

const port = parentPort
if (port === null) throw internalError('This file runs in a worker thread.')

// One after another: a request is taken up when the one before it has been answered.
let previous: Promise<void> = Promise.resolve()
port.on('message', (request: Request) => {
  previous = previous.then(async () => {
    const reply = await answer(request).catch(failure)
    port.postMessage(reply, transferred(reply))
  })
})
