import type { Shape } from '@convzoo/core'
import { internalError } from '@convzoo/core/define'
import type { Graph, Host } from '@convzoo/core/engine'
import { Calls } from '../interpreter/calls.js'
import { TensorFunction } from '../interpreter/function.js'
import { TensorState } from '../interpreter/state.js'
import { requireGpu } from '../webgpu/adapter.js'
import type { Runtime } from './runtime.js'

/** What is needed before a program can run. */
export interface HostStart {
  readonly functions: Readonly<Record<string, Graph>>
  readonly state: readonly { readonly name: string; readonly shape: Shape }[]
  /** Go on where a GPU was asked for and the processor does the work. */
  readonly allowCpu: boolean
}

/** Where what calls were spent on is kept. */
export interface Records {
  /** Has a call of a function done, and keeps what it was spent on. */
  readonly recorded: (name: string, work: () => void) => Promise<void>
  /** Called when the program ends. */
  readonly end: () => Promise<void>
}

/** @throws ConvzooError of kind `engine` if the processor would do the work and that is not allowed. */
export function hostOf(
  { kernels, description, adapter }: Runtime,
  { functions, state, allowCpu }: HostStart,
  records?: Records,
): Host {
  requireGpu(adapter, { allowCpu })
  const store = new TensorState(kernels, state)
  const ready = new Map(
    Object.entries(functions).map(([name, graph]) => {
      const recorded = records === undefined ? undefined : (work: () => void) => records.recorded(name, work)
      return [name, new TensorFunction(kernels, graph, store, recorded)]
    }),
  )
  const calls = new Calls()
  const runAfter: Host['runAfter'] = async (name, inputs) => calls.after(functionOf(name), inputs)
  const functionOf = (name: string): TensorFunction => {
    const found = ready.get(name)
    if (found === undefined) throw internalError(`There is no function ${name}.`)
    return found
  }
  return {
    description,
    async run(name, inputs) {
      return calls.alone(functionOf(name), inputs)
    },
    // What is recorded is asked for bit by bit.
    ...(records === undefined ? { runAfter } : {}),
    read: (name) => store.read(name),
    stage: (name, data) => store.stage(name, data),
    commit: () => store.commitStaged(),
    discard: () => store.discardStaged(),
    async stop() {
      for (const each of ready.values()) each.dispose()
      store.dispose()
      await records?.end()
    },
  }
}
