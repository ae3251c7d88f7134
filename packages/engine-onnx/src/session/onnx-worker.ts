import { parentPort } from 'node:worker_threads'
import { ConvzooError, type Outputs, type Shape } from '@convzoo/core'
import { internalError, isFloat32Array, sizeOf } from '@convzoo/core/define'
import { type Arrays, type Host, serve, uniformForSamples } from '@convzoo/core/engine'
import type { OnnxFunction, Port } from '@convzoo/onnx'
import type * as Runtime from 'onnxruntime-node'
import { unloadable } from '../runtime/unloadable.js'
import { type RunSession, sessionRunner } from './run-session.js'
import { StateStore } from './state-store.js'

/** What the worker needs before it can run anything. */
export interface WorkerStart {
  readonly functions: readonly OnnxFunction[]
  /** The model of `stopProbe`. */
  readonly probe: Uint8Array
  readonly state: readonly { readonly name: string; readonly shape: Shape }[]
  readonly threads: number
  readonly description: string
}

/** A function ready to run: its session, and tensors around memory that is used again and again. */
interface Ready {
  readonly lowered: OnnxFunction
  readonly session: Runtime.InferenceSession
  readonly randoms: ReadonlyMap<string, Float32Array>
}

async function loadRuntime(): Promise<typeof Runtime> {
  try {
    return await import('onnxruntime-node')
  } catch (error) {
    const { reason, hint } = unloadable(error)
    throw new ConvzooError({
      kind: 'engine',
      message: 'onnxruntime-node could not be loaded.',
      expected: 'the package onnxruntime-node for this platform',
      received: reason,
      hint,
    })
  }
}

async function start({ functions, probe, state, threads, description }: WorkerStart): Promise<Host> {
  const runtime = await loadRuntime()
  const options = {
    executionProviders: ['cpu'],
    executionMode: 'sequential',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    // One planned block for a whole run would lie beside the pieces that the first run, which has no plan yet, took one by one.
    enableMemPattern: false,
  } satisfies Runtime.InferenceSession.SessionOptions
  const probeSession = await runtime.InferenceSession.create(probe, { ...options, intraOpNumThreads: 1 })
  const runSession = await sessionRunner(runtime, probeSession)
  await probeSession.release()
  const ready = new Map<string, Ready>()
  for (const lowered of functions) {
    const session = await runtime.InferenceSession.create(lowered.model, options)
    const randoms = new Map(lowered.randoms.map((port) => [port.tensor, new Float32Array(sizeOf(port.shape))]))
    ready.set(lowered.name, { lowered, session, randoms })
  }
  const store = new StateStore(state)
  return {
    description,
    run(name, inputs) {
      const called = ready.get(name)
      if (called === undefined) throw internalError(`There is no function ${name}.`)
      return run({ runtime, runSession }, called, store, inputs)
    },
    read: (name) => store.current(name).slice(),
    stage: (name, data) => store.stage(name, data),
    commit: () => store.commitStaged(),
    discard: () => store.discardStaged(),
    async stop() {
      for (const { session } of ready.values()) await session.release()
    },
  }
}

async function run(
  { runtime, runSession }: { readonly runtime: typeof Runtime; readonly runSession: RunSession },
  { lowered, session, randoms }: Ready,
  state: StateStore,
  inputs: Arrays,
): Promise<Outputs> {
  const float = (data: Float32Array, { shape }: Port) => new runtime.Tensor('float32', data, shape)

  const feeds: Record<string, Runtime.Tensor> = {}
  for (const port of lowered.inputs) {
    const data = inputs[port.name]
    if (lowered.fed.includes(port.name) && isFloat32Array(data)) feeds[port.tensor] = float(data, port)
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
  const fetches: Record<string, Runtime.Tensor> = {}
  for (const port of lowered.assignments) fetches[port.tensor] = float(state.next(port.name), port)
  const outputs: Record<string, Float32Array | Uint8Array> = {}
  for (const port of lowered.outputs) {
    if (port.dtype === 'bool') {
      const data = new Uint8Array(sizeOf(port.shape))
      outputs[port.name] = data
      fetches[port.tensor] = new runtime.Tensor('bool', data, port.shape)
    } else {
      const data = new Float32Array(sizeOf(port.shape))
      outputs[port.name] = data
      fetches[port.tensor] = float(data, port)
    }
  }
  const holds = Uint8Array.of(1)
  if (lowered.guard !== undefined) fetches[lowered.guard] = new runtime.Tensor('bool', holds, [])

  await runSession(session, feeds, fetches)
  if (holds[0] === 1) state.commit(lowered.assignments.map((port) => port.name))
  return outputs
}

if (parentPort === null) throw internalError('This file runs in a worker thread.')
serve(parentPort, { runtime: 'ONNX Runtime', start })
