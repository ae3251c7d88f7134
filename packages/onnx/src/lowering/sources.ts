import { internalError, sizeOf } from '@convzoo/core/define'
import type { PrimitiveName } from '@convzoo/core/engine'
import { inputTensor, randomTensor, stateTensor } from './boundary.js'
import { type Emitter, isPrimitive, type Lowerings, last, type NodeAt } from './emitter.js'
import { shapeOf } from './shapes.js'

/** Values that are made of no others. */
export const sources = {
  input({ boundary }, { attributes: { name } }) {
    boundary.inputs.add(name)
    return last(inputTensor(name))
  },
  state({ boundary }, { attributes: { name }, shape, dtype }) {
    boundary.states.set(name, { name, tensor: stateTensor(name), shape, dtype })
    return last(stateTensor(name))
  },
  constant: (emitter, node) => last(filled(emitter, node)),
  random(emitter, node) {
    const inputOf = (index: number): string => inputName(emitter.input(node, index))
    const tensor = randomTensor(node.id)
    const samples = sizeOf(emitter.input(node, 2).shape)
    const made = emitter.ownOperators
      ? ({ holds: 'key', shape: [2 + samples], dtype: 'uint32' } as const)
      : ({ holds: 'numbers', shape: node.shape, dtype: node.dtype } as const)
    emitter.boundary.randoms.set(node.id, {
      name: node.attributes.stream,
      tensor,
      ...made,
      seed: inputOf(0),
      step: inputOf(1),
      sampleIndices: inputOf(2),
    })
    if (made.holds === 'numbers') return last(tensor)
    const elements = sizeOf(node.shape) / samples
    const gives = [{ shape: node.shape, dtype: node.dtype }]
    return last(emitter.own([tensor], { kind: 'uniform', samples, elements, gives })[0])
  },
} satisfies Partial<Lowerings>

export const isSource = (primitive: PrimitiveName): primitive is keyof typeof sources => primitive in sources

/** A tensor of one number: as a constant where it is small, else spread at run time. */
function filled(emitter: Emitter, node: NodeAt<'constant'>): string {
  const { writer, open } = emitter
  const { shape } = node
  const { value } = node.attributes
  const isOpen = shape.some((_, axis) => open.isOpen(node.id, axis))
  if (!isOpen && sizeOf(shape) <= 1024) return writer.floats(new Array<number>(sizeOf(shape)).fill(value), shape)
  return writer.node('Expand', [writer.floats([value], []), shapeOf(emitter, node)])
}

/** Random numbers are drawn outside of the session: what they depend on has to be an input of the function. */
function inputName(node: NodeAt): string {
  if (!isPrimitive(node, 'input')) throw internalError('A random value depends on something that is not an input.')
  return node.attributes.name
}
