import type { Shape } from '@convzoo/core'
import { internalError } from '@convzoo/core/define'
import type { Graph, Host } from '@convzoo/core/engine'
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

/** @throws ConvzooError of kind `engine` if the processor would do the work and that is not allowed. */
export function hostOf({ kernels, description, adapter }: Runtime, { functions, state, allowCpu }: HostStart): Host {
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
