import { sizeOf } from '@convzoo/core/define'
import { type Emitted, type Emitter, isPrimitive, type Lowerings, type NodeAt } from './emitter.js'
import type { Layout } from './layout.js'

/** Inputs of one element-wise operator, all in the layout of the first that has rank 4 already. */
function alignedInputs(emitter: Emitter, node: NodeAt): { readonly tensors: string[]; readonly layout: Layout } {
  if (node.shape.length !== 4) {
    return { tensors: node.inputs.map((id) => emitter.plain(id)), layout: 'channelsLast' }
  }
  const images = node.inputs.filter((id) => emitter.node(id).shape.length === 4)
  const layout = images.map((id) => emitter.value(id).layout).find((own) => own === 'channelsFirst') ?? 'channelsLast'
  return { tensors: node.inputs.map((id) => broadcastable(emitter, id, layout)), layout }
}

/** An operand beside values of rank 4: lower ranks broadcast from the last axis, which channels first moves. */
function broadcastable(emitter: Emitter, id: number, layout: Layout): string {
  const { shape } = emitter.node(id)
  if (shape.length === 4) return emitter.as(id, layout)
  if (layout === 'channelsLast' || sizeOf(shape) === 1) return emitter.plain(id)
  const full = [...new Array<number>(4 - shape.length).fill(1), ...shape]
  return emitter.once(`${id} broadcast`, () => {
    const { writer } = emitter
    const image = writer.node('Reshape', [emitter.plain(id), writer.integers(full)])
    return writer.node('Transpose', [image], { perm: [0, 3, 1, 2] })
  })
}

const operator =
  (name: string) =>
  (emitter: Emitter, node: NodeAt): Emitted => {
    const { tensors, layout } = alignedInputs(emitter, node)
    return { tensor: emitter.writer.node(name, tensors), layout }
  }

/** Primitives that are one ONNX operator on each element. */
export const elementwise = {
  add: operator('Add'),
  subtract: operator('Sub'),
  multiply: operator('Mul'),
  divide: operator('Div'),
  power: operator('Pow'),
  maximum: operator('Max'),
  minimum: operator('Min'),
  negate: operator('Neg'),
  exp: operator('Exp'),
  log: operator('Log'),
  sqrt: operator('Sqrt'),
  tanh: operator('Tanh'),
  sigmoid: operator('Sigmoid'),
  erf: operator('Erf'),
  relu: operator('Relu'),
  equal: operator('Equal'),
  greater: operator('Greater'),
  greaterOrEqual: operator('GreaterOrEqual'),
  and: operator('And'),
  not: operator('Not'),
  select: operator('Where'),
} satisfies Partial<Lowerings>

/** Neither infinite nor NaN: x − x is 0 for finite numbers alone. */
export function lowerIsFinite(emitter: Emitter, node: NodeAt): Emitted {
  const { writer } = emitter
  const [id = 0] = node.inputs
  const { tensor, layout } = emitter.value(id)
  const difference = writer.node('Sub', [tensor, tensor])
  return { tensor: writer.node('Equal', [difference, writer.floats([0], [])]), layout }
}

/** The constant number that a scalar node holds, if it is one. */
export function scalarConstant(node: NodeAt): number | undefined {
  return isPrimitive(node, 'constant') && sizeOf(node.shape) === 1 ? node.attributes.value : undefined
}
