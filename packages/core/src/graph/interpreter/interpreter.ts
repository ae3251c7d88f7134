import { ConvzooError, internalError } from '../../errors/index.js'
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
import { uniformForSamples } from '../../random/index.js'
import { isNumbers } from '../../recognise/index.js'
import { formatShape, sizeOf, stridesOf } from '../../shape.js'
import type { Graph, GraphNode } from '../graph.js'
import { broadcastIndices, map, reduce, softmax } from './elementwise.js'
import { erf } from './erf.js'
import { localResponseNormalization, localResponseNormalizationGradient } from './normalization.js'
import { averagePool2d, averagePool2dGradient, maxPool2d, maxPool2dGradient } from './pooling.js'
import { conv2d, conv2dInputGradient, conv2dKernelGradient, matMul } from './spatial.js'
import { allocate, type Precision, read, type Tensor, tensorOf } from './tensor.js'

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
    values.push(compute(node, node.inputs.map(value), precision, inputs, state))
  }
  return {
    outputs: Object.fromEntries(graph.outputs.map((output) => [output.name, value(output.value)])),
    assignments: new Map(graph.assignments.map((assignment) => [assignment.state, value(assignment.value)])),
    commit: graph.guard === undefined || value(graph.guard).data[0] === 1,
  }
}

const bit = (condition: boolean): number => (condition ? 1 : 0)

const elementwise: Readonly<Record<string, (...values: number[]) => number>> = {
  add: (a = 0, b = 0) => a + b,
  subtract: (a = 0, b = 0) => a - b,
  multiply: (a = 0, b = 0) => a * b,
  divide: (a = 0, b = 0) => a / b,
  power: (a = 0, b = 0) => a ** b,
  maximum: (a = 0, b = 0) => Math.max(a, b),
  minimum: (a = 0, b = 0) => Math.min(a, b),
  negate: (x = 0) => -x,
  exp: (x = 0) => Math.exp(x),
  log: (x = 0) => Math.log(x),
  sqrt: (x = 0) => Math.sqrt(x),
  tanh: (x = 0) => Math.tanh(x),
  sigmoid: (x = 0) => 1 / (1 + Math.exp(-x)),
  erf: (x = 0) => erf(x),
  relu: (x = 0) => Math.max(x, 0),
  equal: (a = 0, b = 0) => bit(a === b),
  greater: (a = 0, b = 0) => bit(a > b),
  greaterOrEqual: (a = 0, b = 0) => bit(a >= b),
  isFinite: (x = 0) => bit(Number.isFinite(x)),
  and: (a = 0, b = 0) => bit(a === 1 && b === 1),
  not: (x = 0) => bit(x === 0),
  select: (condition = 0, a = 0, b = 0) => (condition === 1 ? a : b),
}

function compute(
  node: GraphNode,
  args: readonly Tensor[],
  precision: Precision,
  inputs: InterpretOptions['inputs'],
  state: ReadonlyMap<string, ArrayLike<number>>,
): Tensor {
  const out = allocate(node.shape, node.dtype, precision)
  const arg = (index: number): Tensor => {
    const found = args[index]
    if (found === undefined) throw internalError(`${node.primitive} lacks its input ${index}.`)
    return found
  }
  switch (node.primitive) {
    case 'input':
      return tensorOf(required(inputs[node.attributes.name], 'input', node), node, precision)
    case 'state':
      return tensorOf(required(state.get(node.attributes.name), 'state', node), node, precision)
    case 'constant':
      out.data.fill(node.attributes.value)
      return out
    case 'random': {
      const [low, high] = arg(0).data
      const uniform = new Float64Array(out.data.length)
      uniformForSamples(
        {
          seed: [low ?? 0, high ?? 0],
          stream: node.attributes.stream,
          step: read(arg(1).data, 0),
          sampleIndices: arg(2).data,
        },
        uniform,
      )
      out.data.set(uniform)
      return out
    }
    case 'sum':
      reduce(out, arg(0), node.attributes.axes, 0, (sum, x) => sum + x)
      return out
    case 'max':
      reduce(out, arg(0), node.attributes.axes, Number.NEGATIVE_INFINITY, (most, x) => Math.max(most, x))
      return out
    case 'softmax':
    case 'logSoftmax':
      softmax(out, arg(0), node.primitive === 'logSoftmax')
      return out
    case 'matMul':
      matMul(out, arg(0), arg(1), node.attributes.transposeA, node.attributes.transposeB)
      return out
    case 'conv2d':
      conv2d(out, arg(0), arg(1), node.attributes)
      return out
    case 'conv2dInputGradient':
      conv2dInputGradient(out, arg(0), arg(1), node.attributes)
      return out
    case 'conv2dKernelGradient':
      conv2dKernelGradient(out, arg(0), arg(1), node.attributes)
      return out
    case 'maxPool2d':
      maxPool2d(out, arg(0), node.attributes)
      return out
    case 'maxPool2dGradient':
      maxPool2dGradient(out, arg(0), arg(1), node.attributes)
      return out
    case 'averagePool2d':
      averagePool2d(out, arg(0), node.attributes)
      return out
    case 'averagePool2dGradient':
      averagePool2dGradient(out, arg(0), node.attributes)
      return out
    case 'localResponseNormalization':
      localResponseNormalization(out, arg(0), node.attributes)
      return out
    case 'localResponseNormalizationGradient':
      localResponseNormalizationGradient(out, arg(0), arg(1), node.attributes)
      return out
    case 'reshape':
      out.data.set(arg(0).data)
      return out
    case 'transpose':
      return moved(out, arg(0), node.attributes.permutation)
    case 'broadcastTo': {
      const indexOf = broadcastIndices(arg(0).shape, out.shape)
      for (let index = 0; index < out.data.length; index++) out.data[index] = read(arg(0).data, indexOf(index))
      return out
    }
    case 'concatenate': {
      const { axis } = node.attributes
      let start = 0
      for (const part of args) {
        place(part, out, (axes) => axes.map((position, other) => (other === axis ? position + start : position)))
        start += part.shape[axis] ?? 0
      }
      return out
    }
    case 'slice': {
      const { start } = node.attributes
      const strides = stridesOf(arg(0).shape)
      eachPosition(out.shape, (axes, index) => {
        out.data[index] = read(
          arg(0).data,
          axes.reduce((sum, position, axis) => sum + (position + (start[axis] ?? 0)) * (strides[axis] ?? 0), 0),
        )
      })
      return out
    }
    case 'pad': {
      const { padding } = node.attributes
      place(arg(0), out, (axes) => axes.map((position, axis) => position + (padding[axis]?.[0] ?? 0)))
      return out
    }
    default: {
      const formula = elementwise[node.primitive]
      if (formula === undefined) throw internalError(`The interpreter does not know the primitive ${node.primitive}.`)
      map(out, args, formula)
      return out
    }
  }
}

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

function eachPosition(shape: readonly number[], visit: (axes: readonly number[], index: number) => void): void {
  const strides = stridesOf(shape)
  const size = shape.reduce((product, length) => product * length, 1)
  for (let index = 0; index < size; index++) {
    visit(
      shape.map((length, axis) => Math.floor(index / (strides[axis] ?? 1)) % length),
      index,
    )
  }
}

function place(from: Tensor, out: Tensor, to: (axes: readonly number[]) => readonly number[]): void {
  const strides = stridesOf(out.shape)
  eachPosition(from.shape, (axes, index) => {
    const target = to(axes).reduce((sum, position, axis) => sum + position * (strides[axis] ?? 0), 0)
    out.data[target] = read(from.data, index)
  })
}

function moved(out: Tensor, x: Tensor, permutation: readonly number[]): Tensor {
  const strides = stridesOf(x.shape)
  eachPosition(out.shape, (axes, index) => {
    out.data[index] = read(
      x.data,
      axes.reduce((sum, position, axis) => sum + position * (strides[permutation[axis] ?? 0] ?? 0), 0),
    )
  })
  return out
}
