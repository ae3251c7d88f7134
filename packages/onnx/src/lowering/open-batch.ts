import { ConvzooError } from '@convzoo/core'
import type { Graph } from '@convzoo/core/engine'

/**
 * Which lengths of a graph's shapes are left open: those in which it differs from the same function, traced for another batch size. Shapes
 * of a graph are static; what two of them do not agree on is what the number of images decides.
 */
export class OpenBatch {
  readonly #graph: Graph
  readonly #other: Graph | undefined

  /** @throws ConvzooError of kind `option` if the other graph is not of the same function. */
  constructor(graph: Graph, other: Graph | undefined) {
    this.#graph = graph
    this.#other = other
    if (other !== undefined && !isSameFunction(graph, other)) throw dependsOnCount(graph)
  }

  /** Whether the length of an axis of a value is left open. */
  isOpen(id: number, axis: number): boolean {
    if (this.#other === undefined) return false
    return this.#graph.nodes[id]?.shape[axis] !== this.#other.nodes[id]?.shape[axis]
  }

  /** The input of the graph whose first axis is the batch. */
  get input(): Graph['inputs'][number] | undefined {
    return this.#graph.inputs.find(({ value }) => this.isOpen(value, 0))
  }

  /** How many images there are at a time, in this graph. */
  get batchSize(): number | undefined {
    return this.input?.shape[0]
  }
}

const isSameFunction = ({ nodes }: Graph, other: Graph): boolean =>
  nodes.length === other.nodes.length &&
  nodes.every(({ primitive, inputs, shape }, id) => {
    const twin = other.nodes[id]
    return twin?.primitive === primitive && twin.inputs.join() === inputs.join() && twin.shape.length === shape.length
  })

/** Of a function that does not take any number of images. */
export function dependsOnCount({ name }: Graph): ConvzooError {
  return new ConvzooError({
    kind: 'shape',
    message: `What ${name} computes depends on how many images there are at a time.`,
    expected: 'a network that treats each image by itself, so that the batch can be left open',
    hint: 'let layers use the number of images only as the first axis of shapes',
  })
}
