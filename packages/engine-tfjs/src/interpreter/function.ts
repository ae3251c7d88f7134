import type { Outputs } from '@convzoo/core'
import { internalError, isFloat32Array, sizeOf } from '@convzoo/core/define'
import { type Arrays, type Graph, uniformForSamples } from '@convzoo/core/engine'
import { compute } from './compute.js'
import { type Kernels, type NodeOf, nodeAt, type Tensor } from './kernels.js'
import { lastUses } from './liveness.js'
import type { TensorState } from './state.js'

/** A graph that is ready to run, again and again: its constants are made once. */
export class TensorFunction {
  readonly #dead: readonly (readonly number[])[]
  readonly #constants: ReadonlyMap<number, Tensor>

  constructor(
    readonly kernels: Kernels,
    readonly graph: Graph,
    readonly state: TensorState,
  ) {
    this.#dead = lastUses(graph)
    this.#constants = new Map(
      graph.nodes.flatMap((node, id) =>
        node.primitive === 'constant' ? [[id, kernels.filled(node.attributes.value, node.shape)] as const] : [],
      ),
    )
  }

  /** Computes all nodes in their order, frees each value after its last use, and commits the assignments if the guard allows it. */
  run(inputs: Arrays): Outputs {
    const { kernels, graph, state } = this
    /** What this call has made and not yet freed. */
    const own = new Map<number, Tensor>()
    const value = (id: number): Tensor => {
      const node = nodeAt(graph, id)
      const found =
        node.primitive === 'state' ? state.tensor(node.attributes.name) : (this.#constants.get(id) ?? own.get(id))
      if (found === undefined) throw internalError(`Value ${id} of ${graph.name} is used before it is computed.`)
      return found
    }
    try {
      graph.nodes.forEach((node, id) => {
        if (node.primitive === 'input') {
          // A copy: the array goes back to the caller.
          const data = inputs[node.attributes.name]
          if (isFloat32Array(data)) own.set(id, kernels.tensor(data.slice(), node.shape))
        } else if (node.primitive === 'random') {
          own.set(id, this.#uniform(node, inputs))
        } else if (node.primitive !== 'state' && node.primitive !== 'constant') {
          const args = node.inputs.map(value)
          own.set(
            id,
            kernels.tensorflow.tidy(() => compute(kernels, node.primitive, node, args)),
          )
        }
        for (const dead of this.#dead[id] ?? []) {
          own.get(dead)?.dispose()
          own.delete(dead)
        }
      })
      const outputs = Object.fromEntries(graph.outputs.map((output) => [output.name, numbersOf(value(output.value))]))
      if (graph.guard === undefined || value(graph.guard).dataSync()[0] === 1) {
        state.replace(
          graph.assignments.map((assignment) => [assignment.state, kernels.alias(value(assignment.value))] as const),
        )
      }
      return outputs
    } finally {
      for (const tensor of own.values()) tensor.dispose()
    }
  }

  dispose(): void {
    for (const tensor of this.#constants.values()) tensor.dispose()
  }

  /** Core draws the numbers, so every engine drops the same units. What they depend on are inputs of the function. */
  #uniform({ attributes, shape, inputs: from }: NodeOf<'random'>, inputs: Arrays): Tensor {
    const [seed = [], step = [], sampleIndices = []] = from.map((id) => {
      const node = nodeAt(this.graph, id)
      if (node.primitive !== 'input') throw internalError('A random value depends on something that is not an input.')
      return inputs[node.attributes.name]
    })
    const [low = 0, high = 0] = seed
    const data = new Float32Array(sizeOf(shape))
    uniformForSamples({ seed: [low, high], stream: attributes.stream, step: step[0] ?? 0, sampleIndices }, data)
    return this.kernels.tensor(data, shape)
  }
}

/** A copy of a tensor's elements, which may go to another thread. */
function numbersOf(tensor: Tensor): Float32Array | Uint8Array {
  const data = tensor.dataSync()
  return tensor.dtype === 'bool' ? Uint8Array.from(data) : Float32Array.from(data)
}
