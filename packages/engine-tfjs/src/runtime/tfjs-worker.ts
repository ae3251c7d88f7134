import { type MessagePort, parentPort } from 'node:worker_threads'
import type { Shape } from '@convzoo/core'
import { internalError } from '@convzoo/core/define'
import { type Graph, type Host, serve } from '@convzoo/core/engine'
import { TensorFunction } from '../interpreter/function.js'
import { TensorState } from '../interpreter/state.js'
import { requireGpu } from '../webgpu/adapter.js'
import { loadRuntime } from './load.js'
import type { Runtime, Source } from './runtime.js'

/** What the worker needs before it can run a program. */
export interface WorkerStart {
  readonly functions: Readonly<Record<string, Graph>>
  readonly state: readonly { readonly name: string; readonly shape: Shape }[]
  readonly source: Source
  /** Go on where a GPU was asked for and the processor does the work. */
  readonly allowCpu: boolean
}

/** The worker serves several programs, each at a port of its own. */
export interface OpenPort {
  readonly port: MessagePort
}

let runtime: Promise<Runtime> | undefined

async function start({ functions, state, source, allowCpu }: WorkerStart): Promise<Host> {
  runtime ??= loadRuntime(source)
  const { kernels, description, adapter } = await runtime.catch((error: unknown) => {
    // Whoever asks next may find what was missing.
    runtime = undefined
    throw error
  })
  requireGpu(adapter, { allowCpu })
  const store = new TensorState(kernels, state)
  const ready = new Map(
    Object.entries(functions).map(([name, graph]) => [name, new TensorFunction(kernels, graph, store)]),
  )
  return {
    description,
    run(name, inputs) {
      const called = ready.get(name)
      if (called === undefined) throw internalError(`There is no function ${name}.`)
      return called.run(inputs)
    },
    read: (name) => store.read(name),
    stage: (name, data) => store.stage(name, data),
    commit: () => store.commitStaged(),
    discard: () => store.discardStaged(),
    stop() {
      for (const each of ready.values()) each.dispose()
      store.dispose()
    },
  }
}

if (parentPort === null) throw internalError('This file runs in a worker thread.')
parentPort.on('message', ({ port }: OpenPort) => serve(port, { runtime: 'TensorFlow.js', start }))
