import type { Outputs } from '@convzoo/core'
import { internalError, isFloat32Array } from '@convzoo/core/define'
import type { Arrays, Graph, GraphNode } from '@convzoo/core/engine'
import { compute } from './compute.js'
import { type FusedNodes, type Kernels, type NodeOf, nodeAt, type Tensor } from './kernels.js'
import { lastUses } from './liveness.js'
import type { Change, TensorState } from './state.js'

/** What a call gave, and whether its guard allowed its assignments. */
export interface Ran {
  readonly outputs: Outputs
  readonly allowed: boolean
}

/** A graph that is ready to run, again and again: its constants are made once. */
export class TensorFunction {
  readonly #dead: readonly (readonly number[])[]
  readonly #constants: ReadonlyMap<number, Tensor>
  readonly #fused: ReadonlyMap<number, FusedNodes>
  /** Nodes that are computed within others. */
  readonly #inner: ReadonlySet<number>

  constructor(
    readonly kernels: Kernels,
    readonly graph: Graph,
    readonly state: TensorState,
    /** Has a call's work done, and waits until it was recorded. */
    readonly recorded?: (work: () => void) => Promise<void>,
  ) {
    this.#fused = kernels.backend.fuse?.(graph) ?? new Map()
    this.#inner = new Set([...this.#fused.values()].flatMap(({ inner }) => inner))
    const nodes = graph.nodes.map((node, id) => ({ inputs: this.#inputsOf(node, id) }))
    this.#dead = lastUses({ ...graph, nodes })
    this.#constants = new Map(
      graph.nodes.flatMap((node, id) =>
        node.primitive === 'constant' ? [[id, kernels.filled(node.attributes.value, node.shape)] as const] : [],
      ),
    )
  }

  /** Computes all nodes in their order, frees each value after its last use, and commits the assignments if the guard allows it. */
  async run(inputs: Arrays): Promise<Outputs> {
    const ran = await this.call(inputs, Promise.resolve(true))
    if (ran === undefined) throw internalError(`${this.graph.name} was not run.`)
    return ran.outputs
  }

  /**
   * Runs it while a call before may be under way, on the state that this one leaves if it comes to its assignments.
   *
   * @param before Whether that one came to them. Where it did not, this one is undone, and nothing is given.
   */
  async call(inputs: Arrays, before: Promise<boolean>): Promise<Ran | undefined> {
    const { kernels } = this
    /** What this call has made and not yet freed. */
    const own = new Map<number, Tensor>()
    let change: Change | undefined
    let isDone = false
    try {
      const given = await kernels.backend.watch(() =>
        this.#results(inputs, own, (made) => {
          change = made
        }),
      )
      const follows = await before
      isDone = true
      if (follows && given.allowed) change?.keep()
      else change?.undo()
      return follows ? given : undefined
    } catch (error) {
      attempted(() => change?.undo(), isDone)
      // What goes wrong after a call that failed is no fault of this one.
      if (await before) throw error
      return undefined
    } finally {
      for (const tensor of own.values()) attempted(() => tensor.dispose(), isDone)
    }
  }

  /** Has everything computed, and waits for what leaves the function. All is asked for before it first waits, unless it is recorded. */
  async #results(inputs: Arrays, own: Map<number, Tensor>, changed: (change: Change) => void): Promise<Ran> {
    const { kernels, graph, state } = this
    if (this.recorded === undefined) this.#compute(inputs, own)
    else await this.recorded(() => this.#compute(inputs, own))
    const reads = graph.outputs.map(
      async ({ name, value }) => [name, await kernels.numbers(this.#value(value, own))] as const,
    )
    const guard = graph.guard === undefined ? [1] : kernels.numbers(this.#value(graph.guard, own))
    // What is assigned may be state itself, and is taken before any of it changes.
    const next = graph.assignments.map(
      ({ state: name, value }) => [name, kernels.alias(this.#value(value, own))] as const,
    )
    changed(state.change(next))
    const [[finite], ...outputs] = await Promise.all([guard, ...reads])
    return { outputs: Object.fromEntries(outputs), allowed: finite === 1 }
  }

  #compute(inputs: Arrays, own: Map<number, Tensor>): void {
    const { kernels, graph } = this
    graph.nodes.forEach((node, id) => {
      if (node.primitive === 'input') {
        const data = inputs[node.attributes.name]
        if (isFloat32Array(data)) own.set(id, kernels.copyOf(data, node.shape))
      } else if (node.primitive === 'random') {
        own.set(id, this.#uniform(node, inputs))
      } else if (node.primitive !== 'state' && node.primitive !== 'constant' && !this.#inner.has(id)) {
        const args = this.#inputsOf(node, id).map((from) => this.#value(from, own))
        const fused = this.#fused.get(id)
        own.set(
          id,
          kernels.tensorflow.tidy(() => fused?.compute(kernels, args) ?? compute(kernels, node.primitive, node, args)),
        )
      }
      for (const dead of this.#dead[id] ?? []) {
        own.get(dead)?.dispose()
        own.delete(dead)
      }
    })
  }

  /** The values that a node is computed from here. */
  #inputsOf({ inputs }: GraphNode, id: number): readonly number[] {
    return this.#inner.has(id) ? [] : (this.#fused.get(id)?.inputs ?? inputs)
  }

  #value(id: number, own: ReadonlyMap<number, Tensor>): Tensor {
    const node = nodeAt(this.graph, id)
    const found =
      node.primitive === 'state' ? this.state.tensor(node.attributes.name) : (this.#constants.get(id) ?? own.get(id))
    if (found === undefined) throw internalError(`Value ${id} of ${this.graph.name} is used before it is computed.`)
    return found
  }

  dispose(): void {
    for (const tensor of this.#constants.values()) tensor.dispose()
  }

  /** What random numbers depend on are inputs of the function. */
  #uniform({ attributes, shape, inputs: from }: NodeOf<'random'>, inputs: Arrays): Tensor {
    const [seed = [], step = [], sampleIndices = []] = from.map((id) => {
      const node = nodeAt(this.graph, id)
      if (node.primitive !== 'input') throw internalError('A random value depends on something that is not an input.')
      return inputs[node.attributes.name]
    })
    const [low = 0, high = 0] = seed
    const { stream } = attributes
    return this.kernels.uniform({ seed: [low, high], stream, step: step[0] ?? 0, sampleIndices }, shape)
  }
}

/** Frees memory. After a failure, which says more than this could, the device may not even know that memory any more. */
function attempted(freeing: () => void, isDone: boolean): void {
  try {
    freeing()
  } catch (error) {
    if (isDone) throw error
  }
}
