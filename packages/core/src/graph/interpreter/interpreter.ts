import { internalError } from '../../errors/index.js'
import {
  defineOptions,
  isOptionsObject,
  matching,
  oneOf,
  optional,
  requireArguments,
  withMethods,
} from '../../options/index.js'
import { graphKind } from '../../program/kinds.js'
import { isNumbers } from '../../recognise/index.js'
import type { Graph } from '../graph.js'
import { compute } from './meanings.js'
import { allocate, type Precision, type Tensor } from './tensor.js'

export interface InterpretOptions {
  readonly inputs: Readonly<Record<string, ArrayLike<number>>>
  readonly state?: ReadonlyMap<string, ArrayLike<number>>
  readonly precision?: Precision
}

export interface Interpretation {
  readonly outputs: Readonly<Record<string, Tensor>>
  /** New values of state, whether or not they may be committed. */
  readonly assignments: ReadonlyMap<string, Tensor>
  /** Whether the guard let the assignments happen. */
  readonly commit: boolean
}

const interpretOptions = defineOptions({
  inputs: matching(
    'an object of numbers by name',
    (given): given is InterpretOptions['inputs'] => isOptionsObject(given) && Object.values(given).every(isNumbers),
  ),
  state: optional(
    withMethods<NonNullable<InterpretOptions['state']>>('a Map of numbers by name', 'get', 'has'),
    new Map(),
  ),
  precision: optional(oneOf('float64', 'float32'), 'float64'),
})

/**
 * Computes a graph plainly and slowly in double precision: the meaning of every primitive, against which engines are judged.
 *
 * @throws ConvzooError of kind `state` if an input or a state tensor is missing or has another size.
 */
export function interpret(graph: Graph, options: InterpretOptions): Interpretation {
  requireArguments('interpret', { graph: [graphKind, graph] })
  const { inputs, state, precision } = interpretOptions.parse('interpret', options)
  const values: Tensor[] = []
  const value = (id: number): Tensor => {
    const found = values[id]
    if (found === undefined) throw internalError(`Node ${id} of ${graph.name} is used before it is computed.`)
    return found
  }
  for (const node of graph.nodes) {
    const out = allocate(node.shape, node.dtype, precision)
    compute(node.primitive, node, { out, args: node.inputs.map(value), outside: { inputs, state } })
    values.push(out)
  }
  return {
    outputs: Object.fromEntries(graph.outputs.map((output) => [output.name, value(output.value)])),
    assignments: new Map(graph.assignments.map((assignment) => [assignment.state, value(assignment.value)])),
    commit: graph.guard === undefined || value(graph.guard).data[0] === 1,
  }
}
