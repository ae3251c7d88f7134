import type { Shape } from '@convzoo/core'
import type { OwnOperator } from '@convzoo/onnx'
import type { Address } from '../capi/ort-api.js'
import type { Precision } from '../session/cuda-options.js'
import type { CudaLibraries } from './libraries.js'
import type { Workspace } from './workspace.js'

export type Convolution = Extract<OwnOperator, { readonly kind: 'convolution' | 'inputGradient' | 'kernelGradient' }>

/** `cudnnTensorFormat_t` */
const formats = { channelsFirst: 0, channelsLast: 1 } as const

/** `cudnnDataType_t`, `cudnnConvolutionMode_t`, `cudnnDeterminism_t` */
const [float, crossCorrelation, deterministic] = [0, 1, 1]

/** `cudnnMathType_t`: with tensor cores as the library likes, or with all digits of float32. */
const math = { tf32: 0, float32: 3 } as const

/** `struct cudnnConvolutionFwdAlgoPerf_t`, and those of the gradients: its size and where its members stand, in bytes. */
const performance = { size: 48, algorithm: 0, status: 4, memory: 16, determinism: 24, math: 28 } as const
const mostAlgorithms = 10

/**
 * Algorithms that take a third to a half of the time of the library's first choices, with all digits of float32 and without strides, but
 * often do not come to its mind: `CUDNN_CONVOLUTION_FWD_ALGO_WINOGRAD_NONFUSED` for kernels of 3 × 3, `…_FFT` for larger ones, and what they
 * are called for gradients. They need memory. Of larger kernels minimal filtering loses three digits, so it is never taken for them.
 */
const minimalFiltering = { convolution: 7, inputGradient: 5, kernelGradient: 5 } as const
const fourier = { convolution: 4, inputGradient: 2, kernelGradient: 2 } as const

/** Of a GPU's memory, how much an algorithm may take. */
const mostMemory = 1 / 8

/** What cuDNN calls a convolution and its gradients. */
const names = {
  convolution: 'Forward',
  inputGradient: 'BackwardData',
  kernelGradient: 'BackwardFilter',
} as const

/** A tensor, or a kernel, which cuDNN describes in another way. */
interface Described {
  readonly kind: 'Tensor' | 'Filter'
  readonly address: Address
}

interface Plan {
  readonly first: Described
  readonly second: Described
  readonly convolution: Address
  readonly result: Described
  readonly algorithm: number
  readonly workspace: number
}

/** Computes a convolution: its two factors, its result, and the device's stream. */
export type Run = (first: Address, second: Address, result: Address, stream: Address) => void

/** Convolutions and their gradients by cuDNN, with the first algorithm that it advises of those that always give the same bits. */
export class Convolutions {
  readonly #libraries: CudaLibraries
  readonly #workspace: Workspace
  readonly #precision: Precision
  readonly #plans: Plan[] = []
  #handle: Address | undefined

  constructor(libraries: CudaLibraries, workspace: Workspace, precision: Precision) {
    this.#libraries = libraries
    this.#workspace = workspace
    this.#precision = precision
  }

  runOf(operator: Convolution): Run {
    let plan: Plan | undefined
    const [one, zero] = [Float32Array.of(1), Float32Array.of(0)]
    const name = `cudnnConvolution${names[operator.kind]}` as const
    return (first, second, result, stream) => {
      const { cudnn } = this.#libraries
      this.#handle ??= cudnn.create('cudnnCreate')
      plan ??= this.#plan(this.#handle, operator)
      cudnn.call('cudnnSetStream', this.#handle, stream)
      const { algorithm, workspace, convolution } = plan
      const factors = [plan.first.address, first, plan.second.address, second] as const
      const place = this.#workspace.atLeast(workspace)
      const how = [convolution, algorithm, place, workspace] as const
      cudnn.call(name, this.#handle, one, ...factors, ...how, zero, plan.result.address, result)
    }
  }

  release(): void {
    const { cudnn } = this.#libraries
    for (const { first, second, convolution, result } of this.#plans) {
      for (const { kind, address } of [first, second, result]) cudnn.call(`cudnnDestroy${kind}Descriptor`, address)
      cudnn.call('cudnnDestroyConvolutionDescriptor', convolution)
    }
    if (this.#handle !== undefined) cudnn.call('cudnnDestroy', this.#handle)
  }

  #plan(handle: Address, operator: Convolution): Plan {
    const { cudnn } = this.#libraries
    const { strides, before, dilations, groups } = operator
    const convolution = cudnn.create('cudnnCreateConvolutionDescriptor')
    const geometry = [...before, ...strides, ...dilations]
    cudnn.call('cudnnSetConvolution2dDescriptor', convolution, ...geometry, crossCorrelation, float)
    cudnn.call('cudnnSetConvolutionGroupCount', convolution, groups)
    cudnn.call('cudnnSetConvolutionMathType', convolution, math[this.#precision])
    const { first, second, result } = this.#described(operator)
    const described = [handle, first.address, second.address, convolution, result.address] as const
    const found = this.#algorithm(operator, described)
    cudnn.call('cudnnSetConvolutionMathType', convolution, found.math)
    const size = cudnn.make(`cudnnGetConvolution${names[operator.kind]}WorkspaceSize`, ...described, found.algorithm)
    const made = { first, second, convolution, result, algorithm: found.algorithm, workspace: Number(size) }
    this.#plans.push(made)
    return made
  }

  /** Two factors and their result, as cuDNN takes them. */
  #described(operator: Convolution): Pick<Plan, 'first' | 'second' | 'result'> {
    const { cudnn } = this.#libraries
    const { layout } = operator
    const format = formats[layout]
    /** As cuDNN lists them, wherever channels lie: samples or filters, channels, height, width. */
    const listed = ([first = 1, ...rest]: Shape): readonly number[] =>
      layout === 'channelsLast' ? [first, rest[2] ?? 1, rest[0] ?? 1, rest[1] ?? 1] : [first, ...rest]
    const tensor = (shape: Shape): Described => {
      const address = cudnn.create('cudnnCreateTensorDescriptor')
      cudnn.call('cudnnSetTensor4dDescriptor', address, format, float, ...listed(shape))
      return { kind: 'Tensor', address }
    }
    const filter = (shape: Shape): Described => {
      const address = cudnn.create('cudnnCreateFilterDescriptor')
      cudnn.call('cudnnSetFilter4dDescriptor', address, float, format, ...listed(shape))
      return { kind: 'Filter', address }
    }
    const given = operator.gives[0]?.shape ?? []
    switch (operator.kind) {
      case 'convolution':
        return { first: tensor(operator.image), second: filter(operator.kernel), result: tensor(given) }
      case 'inputGradient':
        return { first: filter(operator.kernel), second: tensor(operator.gradient), result: tensor(given) }
      case 'kernelGradient':
        return { first: tensor(operator.image), second: tensor(operator.gradient), result: filter(given) }
    }
  }

  /** Bytes of the device. */
  #memory(): number {
    const [free, total] = [new BigUint64Array(1), new BigUint64Array(1)]
    this.#libraries.runtime.call('cudaMemGetInfo', free, total)
    return Number(total[0])
  }

  #algorithm(
    operator: Convolution,
    described: readonly [Address, Address, Address, Address, Address],
  ): { readonly algorithm: number; readonly math: number } {
    const { kind } = operator
    const count = new Int32Array(1)
    const found = new DataView(new ArrayBuffer(mostAlgorithms * performance.size))
    const list = new Uint8Array(found.buffer)
    const search = `cudnnGetConvolution${names[kind]}Algorithm_v7` as const
    this.#libraries.cudnn.call(search, ...described, mostAlgorithms, count, list)
    const all = Array.from({ length: count[0] ?? 0 }, (_, index) => {
      const at = (member: number): number => found.getInt32(index * performance.size + member, true)
      return {
        algorithm: at(performance.algorithm),
        memory: Number(found.getBigUint64(index * performance.size + performance.memory, true)),
        isUsable: at(performance.status) === 0 && at(performance.determinism) === deterministic,
        math: at(performance.math),
      }
    })
    const isSmall = kernelSides(operator).every((side) => side === 3)
    const usable = all.filter(
      ({ isUsable, algorithm }) => isUsable && (isSmall || algorithm !== minimalFiltering[kind]),
    )
    const quick = (isSmall ? minimalFiltering : fourier)[kind]
    const isQuick = this.#precision === 'float32' && kernelSides(operator).every((side) => side >= 3)
    const [best] = isQuick
      ? usable.filter((each) => each.algorithm === quick && each.memory <= this.#memory() * mostMemory)
      : []
    const first = best ?? usable[0]
    if (first === undefined) throw new Error(`cuDNN has no way to ${words[kind]} that always gives the same bits`)
    return first
  }
}

const words = {
  convolution: 'a convolution',
  inputGradient: "the gradient of a convolution's image",
  kernelGradient: "the gradient of a convolution's kernel",
} as const

/** Height and width of a convolution's kernel. */
function kernelSides(operator: Convolution): readonly number[] {
  const shape = operator.kind === 'kernelGradient' ? (operator.gives[0]?.shape ?? []) : operator.kernel
  return operator.layout === 'channelsLast' ? shape.slice(1, 3) : shape.slice(2)
}
