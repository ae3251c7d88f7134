import { type Emitter, type Lowerings, last, type NodeAt } from './emitter.js'
import { reshaped, shapeOf } from './shapes.js'

const first = (emitter: Emitter, node: NodeAt): string => emitter.plain(emitter.input(node, 0).id)

/** Primitives that put elements elsewhere and compute nothing. */
export const movement = {
  reshape: (emitter, node) => last(emitter.writer.node('Reshape', [first(emitter, node), reshaped(emitter, node)])),
  transpose: (emitter, node) =>
    last(emitter.writer.node('Transpose', [first(emitter, node)], { perm: node.attributes.permutation })),
  broadcastTo: (emitter, node) => last(emitter.writer.node('Expand', [first(emitter, node), shapeOf(emitter, node)])),
  concatenate: (emitter, node) => {
    const values = node.inputs.map((id) => emitter.plain(id))
    return last(emitter.writer.node('Concat', values, { axis: node.attributes.axis }))
  },
  slice: (emitter, node) => {
    const { writer } = emitter
    const { start, size } = node.attributes
    const end = start.map((begin, axis) =>
      emitter.open.isOpen(node.id, axis) ? Number.MAX_SAFE_INTEGER : begin + (size[axis] ?? 0),
    )
    return last(writer.node('Slice', [first(emitter, node), writer.integers(start), writer.integers(end)]))
  },
  pad: (emitter, node) => {
    const { padding } = node.attributes
    const around = [...padding.map(([before]) => before), ...padding.map(([, after]) => after)]
    return last(emitter.writer.node('Pad', [first(emitter, node), emitter.writer.integers(around)]))
  },
} satisfies Partial<Lowerings>
