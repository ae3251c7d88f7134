import { inputTensor } from './boundary.js'
import type { Emitter, NodeAt } from './emitter.js'
import { dependsOnCount } from './open-batch.js'

/** The shape of a value for `Reshape`: an axis that is left open takes what remains. */
export function reshaped({ writer, open, graph }: Emitter, { id, shape }: NodeAt): string {
  const lengths = shape.map((length, axis) => (open.isOpen(id, axis) ? -1 : length))
  if (lengths.filter((length) => length === -1).length > 1) throw dependsOnCount(graph)
  return writer.integers(lengths)
}

/** The shape of a value as a tensor: where an axis is left open, its length is read from the images that came. */
export function shapeOf(emitter: Emitter, { id, shape }: NodeAt): string {
  const { writer, open, graph } = emitter
  const [isOpen, ...others] = shape.map((_, axis) => open.isOpen(id, axis))
  if (isOpen !== true && !others.includes(true)) return writer.integers(shape)
  if (others.includes(true) || shape[0] !== open.batchSize) throw dependsOnCount(graph)
  return emitter.once(`shape ${shape.join()}`, () => {
    const rest = shape.slice(1)
    const batch = batchSize(emitter)
    return rest.length === 0 ? batch : writer.node('Concat', [batch, writer.integers(rest)], { axis: 0 })
  })
}

/** How many images came, [1]. */
function batchSize(emitter: Emitter): string {
  const { boundary, graph, open, writer } = emitter
  const input = open.input?.name
  if (input === undefined) throw dependsOnCount(graph)
  boundary.inputs.add(input)
  return emitter.once('batch', () => writer.node('Shape', [inputTensor(input)], { start: 0, end: 1 }))
}
