import { ConvzooError } from '../../errors/index.js'
import { uniformForSamples } from '../../random/index.js'
import { formatShape, sizeOf } from '../../shape.js'
import type { GraphNode } from '../graph.js'
import { argument, type Meanings } from './call.js'
import { read } from './tensor.js'

/** Values that are made of no others, or of what comes from outside. */
export const sources = {
  input({ out, node, outside }) {
    out.data.set(required(outside.inputs[node.attributes.name], 'input', node))
  },
  state({ out, node, outside }) {
    out.data.set(required(outside.state.get(node.attributes.name), 'state', node))
  },
  constant({ out, node }) {
    out.data.fill(node.attributes.value)
  },
  random(call) {
    const [low, high] = argument(call, 0).data
    const uniform = new Float64Array(call.out.data.length)
    uniformForSamples(
      {
        seed: [low ?? 0, high ?? 0],
        stream: call.node.attributes.stream,
        step: read(argument(call, 1).data, 0),
        sampleIndices: argument(call, 2).data,
      },
      uniform,
    )
    call.out.data.set(uniform)
  },
} satisfies Partial<Meanings>

function required(
  found: ArrayLike<number> | undefined,
  kind: string,
  { attributes: { name }, shape }: GraphNode<'input' | 'state'>,
): ArrayLike<number> {
  if (found?.length === sizeOf(shape)) return found
  throw new ConvzooError({
    kind: 'state',
    message: found === undefined ? `The ${kind} "${name}" was not given.` : `The ${kind} "${name}" has another size.`,
    expected: `${sizeOf(shape)} elements of shape ${formatShape(shape)}`,
    received: found === undefined ? 'nothing' : `${found.length} elements`,
  })
}
