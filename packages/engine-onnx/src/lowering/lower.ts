import { type Graph, internalError, type PrimitiveName, sizeOf } from '@convzoo/core'
import { ModelWriter } from '../onnx/model-writer.js'
import { lowerConvolution, lowerInputGradient } from './convolution.js'
import { elementwiseOperators, lowerElementwise, lowerIsFinite } from './elementwise.js'
import { type Emitted, Emitter, isPrimitive, type NodeAt } from './emitter.js'
import { lowerKernelGradient } from './kernel-gradient.js'
import type { LoweredFunction, Port, RandomPort } from './lowered.js'
import { lowerNormalization, lowerNormalizationGradient } from './normalization.js'
import { patterns, product, swallowed } from './patterns.js'
import { lowerAveragePool, lowerAveragePoolGradient, lowerMaxPool, lowerMaxPoolGradient } from './pooling.js'
import { lowerReduction } from './reductions.js'
import { addStop } from './stop.js'

const inputTensor = (name: string): string => `input ${name}`
const stateTensor = (name: string): string => `state ${name}`
const randomTensor = (id: number): string => `random ${id}`

/** A graph as an ONNX model, with the names under which its tensors go in and out. */
export function lower(graph: Graph): LoweredFunction {
  const writer = new ModelWriter()
  const used = { inputs: new Set<string>(), states: new Map<string, Port>(), randoms: new Map<number, RandomPort>() }
  const emitter = new Emitter(graph, writer, (own, node) => {
    for (const pattern of patterns) {
      const emitted = pattern(own, node)
      if (emitted !== undefined) return emitted
    }
    return lowerNode(own, node, used)
  })

  emitter.emitAhead((node) => !isSource(node.primitive) && !(swallowed.has(node.primitive) && emitter.usedOnce(node)))
  const assignments = graph.assignments.map(({ state, value }) => leave(emitter, `assign ${state}`, state, value))
  const outputs = graph.outputs.map(({ name, value }) => leave(emitter, `output ${name}`, name, value))
  const guard = graph.guard === undefined ? undefined : leave(emitter, 'guard', 'guard', graph.guard)

  const inputs = graph.inputs.map(({ name, shape, dtype }): Port => ({ name, tensor: inputTensor(name), shape, dtype }))
  const fed = inputs.filter(({ name }) => used.inputs.has(name))
  const states = [...used.states.values()]
  const randoms = [...used.randoms.values()]
  for (const { tensor, shape, dtype } of [...fed, ...states, ...randoms]) writer.input(tensor, shape, dtype)
  addStop(writer)
  for (const { tensor, shape, dtype } of [...assignments, ...outputs, ...(guard === undefined ? [] : [guard])]) {
    writer.output(tensor, shape, dtype)
  }
  return {
    name: graph.name,
    model: writer.finish(graph.name),
    inputs,
    fed: fed.map(({ name }) => name),
    states,
    randoms,
    outputs,
    assignments,
    guard: guard?.tensor,
  }
}

/** Gives a value the name under which it leaves the model. Naming the operator's own output saves a copy. */
function leave(emitter: Emitter, tensor: string, name: string, id: number): Port {
  const { shape, dtype } = emitter.node(id)
  emitter.leave(id, tensor)
  return { name, tensor, shape, dtype }
}

interface Used {
  readonly inputs: Set<string>
  readonly states: Map<string, Port>
  readonly randoms: Map<number, RandomPort>
}

const isSource = (primitive: PrimitiveName): boolean =>
  primitive === 'input' || primitive === 'state' || primitive === 'constant' || primitive === 'random'

const isElementwise = (primitive: PrimitiveName): primitive is keyof typeof elementwiseOperators =>
  primitive in elementwiseOperators

const last = (tensor: string): Emitted => ({ tensor, layout: 'channelsLast' })

function lowerNode(emitter: Emitter, node: NodeAt, used: Used): Emitted {
  const { writer } = emitter
  const plain = (index: number): string => emitter.plain(emitter.input(node, index).id)
  if (isElementwise(node.primitive)) return lowerElementwise(emitter, node, elementwiseOperators[node.primitive])
  if (isPrimitive(node, 'conv2d')) return lowerConvolution(emitter, node)
  if (isPrimitive(node, 'conv2dInputGradient')) return lowerInputGradient(emitter, node)
  if (isPrimitive(node, 'conv2dKernelGradient')) return last(lowerKernelGradient(emitter, node))
  if (isPrimitive(node, 'maxPool2d')) return lowerMaxPool(emitter, node)
  if (isPrimitive(node, 'maxPool2dGradient')) return lowerMaxPoolGradient(emitter, node)
  if (isPrimitive(node, 'averagePool2d')) return lowerAveragePool(emitter, node)
  if (isPrimitive(node, 'averagePool2dGradient')) return lowerAveragePoolGradient(emitter, node)
  if (isPrimitive(node, 'localResponseNormalization')) return lowerNormalization(emitter, node)
  if (isPrimitive(node, 'localResponseNormalizationGradient')) return lowerNormalizationGradient(emitter, node)
  if (isPrimitive(node, 'matMul')) return last(product(emitter, node))
  switch (node.primitive) {
    case 'input':
      used.inputs.add(node.attributes.name)
      return last(inputTensor(node.attributes.name))
    case 'state': {
      const { name } = node.attributes
      used.states.set(name, { name, tensor: stateTensor(name), shape: node.shape, dtype: node.dtype })
      return last(stateTensor(name))
    }
    case 'constant':
      return last(filled(emitter, node.attributes.value, node.shape))
    case 'random': {
      const [seed, step, sampleIndices] = [0, 1, 2].map((index) => inputName(emitter.input(node, index)))
      const tensor = randomTensor(node.id)
      const { stream } = node.attributes
      used.randoms.set(node.id, {
        name: stream,
        tensor,
        shape: node.shape,
        dtype: node.dtype,
        seed: seed ?? '',
        step: step ?? '',
        sampleIndices: sampleIndices ?? '',
      })
      return last(tensor)
    }
    case 'isFinite':
      return lowerIsFinite(emitter, node)
    case 'sum':
      return lowerReduction(emitter, node, 'ReduceSum', node.attributes)
    case 'max':
      return lowerReduction(emitter, node, 'ReduceMax', node.attributes)
    case 'softmax':
      return last(writer.node('Softmax', [plain(0)], { axis: -1 }))
    case 'logSoftmax':
      return last(writer.node('LogSoftmax', [plain(0)], { axis: -1 }))
    case 'reshape':
      return last(writer.node('Reshape', [plain(0), writer.integers(node.shape)]))
    case 'transpose':
      return last(writer.node('Transpose', [plain(0)], { perm: node.attributes.permutation }))
    case 'broadcastTo':
      return last(writer.node('Expand', [plain(0), writer.integers(node.shape)]))
    case 'concatenate':
      return last(
        writer.node(
          'Concat',
          node.inputs.map((id) => emitter.plain(id)),
          { axis: node.attributes.axis },
        ),
      )
    case 'slice': {
      const { start, size } = node.attributes
      const end = start.map((first, axis) => first + (size[axis] ?? 0))
      return last(writer.node('Slice', [plain(0), writer.integers(start), writer.integers(end)]))
    }
    case 'pad': {
      const { padding } = node.attributes
      const around = [...padding.map(([before]) => before), ...padding.map(([, after]) => after)]
      return last(writer.node('Pad', [plain(0), writer.integers(around)]))
    }
    default:
      throw internalError(`engine-onnx does not know the primitive ${node.primitive}.`)
  }
}

/** A tensor of one number: as a constant where it is small, else spread at run time. */
function filled({ writer }: Emitter, value: number, shape: readonly number[]): string {
  if (sizeOf(shape) <= 1024) return writer.floats(new Array<number>(sizeOf(shape)).fill(value), shape)
  return writer.node('Expand', [writer.floats([value], []), writer.integers(shape)])
}

/** Random numbers are drawn outside of the session: what they depend on has to be an input of the function. */
function inputName(node: NodeAt): string {
  if (!isPrimitive(node, 'input')) throw internalError('A random value depends on something that is not an input.')
  return node.attributes.name
}
