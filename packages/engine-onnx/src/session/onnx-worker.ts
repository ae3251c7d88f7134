import { parentPort } from 'node:worker_threads'
import type { Outputs, Shape } from '@convzoo/core'
import { internalError, isFloat32Array, sizeOf } from '@convzoo/core/define'
import { type Arrays, type Host, serve, stepKey, streamKey, uniformForSamples } from '@convzoo/core/engine'
import type { OnnxFunction } from '@convzoo/onnx'
import { openRuntime, type RuntimeChoice } from './open-runtime.js'
import type { Place, Runtime, Session } from './runtime.js'
import { StateStore } from './state-store.js'

/** What the worker needs before it can run anything. */
export interface WorkerStart {
  readonly functions: readonly OnnxFunction[]
  readonly state: readonly { readonly name: string; readonly shape: Shape }[]
  readonly description: string
  readonly choice: RuntimeChoice
}

/** A function ready to run: its session, and memory that is used again and again. */
interface Ready<P extends Place> {
  readonly lowered: OnnxFunction
  readonly session: Session<P>
  readonly randoms: ReadonlyMap<string, Float32Array | Uint32Array>
}

async function start({ choice, ...rest }: WorkerStart): Promise<Host> {
  return hostOn(await openRuntime(choice), rest)
}

async function hostOn<P extends Place>(
  runtime: Runtime<P>,
  { functions, state, description }: Omit<WorkerStart, 'choice'>,
): Promise<Host> {
  const ready = new Map<string, Ready<P>>()
  for (const lowered of functions) {
    const session = await runtime.session(lowered)
    const randoms = new Map(
      lowered.randoms.map(({ tensor, shape, holds }) => [
        tensor,
        holds === 'key' ? new Uint32Array(sizeOf(shape)) : new Float32Array(sizeOf(shape)),
      ]),
    )
    ready.set(lowered.name, { lowered, session, randoms })
  }
  const store = new StateStore(state, (shape) => runtime.place(shape))
  return {
    description,
    run(name, inputs) {
      const called = ready.get(name)
      if (called === undefined) throw internalError(`There is no function ${name}.`)
      return run(called, store, inputs)
    },
    read: (name) => store.current(name).read(),
    stage: (name, data) => store.stage(name, data),
    commit: () => store.commitStaged(),
    discard: () => store.discardStaged(),
    async stop() {
      store.release()
      for (const { session } of ready.values()) await session.release()
      await runtime.release()
    },
  }
}

async function run<P extends Place>(
  { lowered, session, randoms }: Ready<P>,
  state: StateStore<P>,
  inputs: Arrays,
): Promise<Outputs> {
  const feeds = new Map<string, Float32Array | Uint32Array>()
  for (const { name, tensor } of lowered.inputs) {
    const data = inputs[name]
    if (lowered.fed.includes(name) && isFloat32Array(data)) feeds.set(tensor, data)
  }
  for (const port of lowered.randoms) {
    const data = randoms.get(port.tensor)
    const [low = 0, high = 0] = inputs[port.seed] ?? []
    const [step = 0] = inputs[port.step] ?? []
    if (data === undefined) continue
    const sampleIndices = inputs[port.sampleIndices] ?? []
    if (isFloat32Array(data)) uniformForSamples({ seed: [low, high], stream: port.name, step, sampleIndices }, data)
    else data.set([...stepKey(streamKey([low, high], port.name), step), ...sampleIndices])
    feeds.set(port.tensor, data)
  }
  const results = lowered.outputs.map(({ name, tensor, shape, dtype }) => {
    const data = dtype === 'bool' ? new Uint8Array(sizeOf(shape)) : new Float32Array(sizeOf(shape))
    return { name, tensor, data }
  })
  const outputs = new Map(results.map(({ tensor, data }) => [tensor, data]))
  const holds = Uint8Array.of(1)
  if (lowered.guard !== undefined) outputs.set(lowered.guard, holds)

  await session.run({
    feeds,
    states: new Map(lowered.states.map(({ name, tensor }) => [tensor, state.current(name)])),
    next: new Map(lowered.assignments.map(({ name, tensor }) => [tensor, state.next(name)])),
    outputs,
  })
  if (holds[0] === 1) state.commit(lowered.assignments.map(({ name }) => name))
  return Object.fromEntries(results.map(({ name, data }) => [name, data]))
}

if (parentPort === null) throw internalError('This file runs in a worker thread.')
serve(parentPort, { runtime: 'ONNX Runtime', start })
