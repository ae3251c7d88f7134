import type { Shape } from '@convzoo/core'
import { internalError, sizeOf } from '@convzoo/core/define'
import {
  type Graph,
  type GraphNode,
  type PrimitiveName,
  type UniformRequest,
  uniformForSamples,
} from '@convzoo/core/engine'
import type * as Core from '@tensorflow/tfjs-core'

export type Tensor = Core.Tensor

/** TensorFlow.js of any backend: what is used of that which all of its packages export. A bundle for browsers holds no more of it. */
export type TensorFlow = Pick<
  typeof Core,
  'backend' | 'engine' | 'env' | 'memory' | 'setBackend' | 'Tensor' | 'tidy' | 'version_core'
>

/** A node of one primitive. */
export type NodeOf<P extends PrimitiveName> = GraphNode<P>

/** What comes into a function from outside, or is made once. */
type Source = 'input' | 'state' | 'constant' | 'random'
export type Computed = Exclude<PrimitiveName, Source>

/** A primitive on tensors: its inputs in their order. */
export type Computation<P extends Computed = Computed> = (
  kernels: Kernels,
  node: NodeOf<P>,
  args: readonly Tensor[],
) => Tensor

/** One for each of them: a primitive without is an error of the compiler. */
export type Computations = { readonly [P in Computed]: Computation<P> }

type Attributes = Readonly<
  Record<string, string | number | boolean | readonly number[] | readonly (readonly number[])[]>
>

/** Several nodes in one. */
export interface FusedNodes {
  /** Values that come from other nodes. */
  readonly inputs: readonly number[]
  /** Nodes whose values are never stored. */
  readonly inner: readonly number[]
  compute(kernels: Kernels, args: readonly Tensor[]): Tensor
}

/** What a backend has of its own. */
export interface Backend {
  /** Primitives that it computes otherwise than by TensorFlow.js' kernels. */
  readonly computations: Partial<Computations>
  /** Nodes of a graph that are computed together, by the node whose value they give. */
  fuse?(graph: Graph): ReadonlyMap<number, FusedNodes>
  /** Core's `uniformForSamples`, where it is computed on the device. */
  uniform?(kernels: Kernels, request: UniformRequest, shape: Shape): Tensor
  /** A tensor of numbers that are their owner's again when this returns, where the device takes them better than by a copy beforehand. */
  upload?(kernels: Kernels, data: Float32Array, shape: Shape): Tensor
  /**
   * Does work that the device may refuse later than it is asked for. All of it is asked for before `work` first waits.
   *
   * @throws ConvzooError of kind `engine` if the device refused some of it, or is no more.
   */
  watch<T>(work: () => Promise<T>): Promise<T>
}

const plain: Backend = { computations: {}, watch: (work) => work() }

/** The kernels of the backend that is set, by name and without the tape and checks of TensorFlow.js' functions. */
export class Kernels {
  constructor(
    readonly tensorflow: TensorFlow,
    readonly backend: Backend = plain,
  ) {}

  run(
    kernel: string,
    inputs: readonly Tensor[] | Readonly<Record<string, Tensor>>,
    attributes: Attributes = {},
  ): Tensor {
    const engine = this.tensorflow.engine()
    // Kernels take a list or a record, as their own types say; runKernel's type knows the record alone.
    const result = engine.runKernel(kernel, inputs as Core.NamedTensorMap, attributes as Core.NamedAttrMap)
    if (!(result instanceof this.tensorflow.Tensor)) throw internalError(`The kernel ${kernel} gave several tensors.`)
    return result
  }

  /** A copy of a tensor's elements, which may go to another thread. The device may have to finish first. */
  async numbers(x: Tensor): Promise<Float32Array | Uint8Array> {
    const data = await x.data()
    return x.dtype === 'bool' ? Uint8Array.from(data) : Float32Array.from(data)
  }

  /** A tensor around numbers that nobody else changes from now on. */
  tensor(data: Float32Array, shape: Shape): Tensor {
    return this.tensorflow.engine().makeTensor(data, [...shape], 'float32')
  }

  /** A tensor of numbers that are their owner's again when this returns. */
  copyOf(data: Float32Array, shape: Shape): Tensor {
    return this.backend.upload?.(this, data, shape) ?? this.tensor(data.slice(), shape)
  }

  /** Core draws the numbers, or the device does as core would: every engine drops the same units. */
  uniform(request: UniformRequest, shape: Shape): Tensor {
    if (this.backend.uniform !== undefined) return this.backend.uniform(this, request, shape)
    const data = new Float32Array(sizeOf(shape))
    uniformForSamples(request, data)
    return this.tensor(data, shape)
  }

  filled(value: number, shape: Shape): Tensor {
    return this.tensor(new Float32Array(sizeOf(shape)).fill(value), shape)
  }

  reshape(x: Tensor, shape: Shape): Tensor {
    return this.run('Reshape', { x }, { shape })
  }

  /** The same elements once more, without copying them. */
  alias(x: Tensor): Tensor {
    return this.run('Identity', { x })
  }

  slice(x: Tensor, begin: Shape, size: Shape): Tensor {
    return this.run('Slice', { x }, { begin, size })
  }

  pad(x: Tensor, paddings: readonly (readonly [number, number])[], constantValue = 0): Tensor {
    return this.run('PadV2', { x }, { paddings, constantValue })
  }

  /** Numpy's broadcast. */
  broadcast(x: Tensor, shape: Shape): Tensor {
    const missing = shape.length - x.shape.length
    const aligned = [...new Array<number>(missing).fill(1), ...x.shape]
    const reps = shape.map((length, axis) => length / (aligned[axis] ?? 1))
    return this.run('Tile', { x: this.reshape(x, aligned) }, { reps })
  }
}

/** The inputs of a node; a lowering knows how many there are. */
export function argument(args: readonly Tensor[], index: number): Tensor {
  const found = args[index]
  if (found === undefined) throw internalError(`A primitive lacks its input ${index}.`)
  return found
}

/** A node of a graph by its place. */
export function nodeAt({ name, nodes }: Graph, id: number): GraphNode {
  const found = nodes[id]
  if (found === undefined) throw internalError(`There is no value ${id} in ${name}.`)
  return found
}
