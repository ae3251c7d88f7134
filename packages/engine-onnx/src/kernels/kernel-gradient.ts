import type { OwnOperator } from '@convzoo/onnx'
import type { Kernel } from '../capi/operator-domain.js'
import type { Address } from '../capi/ort-api.js'
import type { Precision } from '../session/cuda-options.js'
import type { CudaLibraries } from './libraries.js'
import type { Workspace } from './workspace.js'

type KernelGradient = Extract<OwnOperator, { readonly kind: 'kernelGradient' }>

/** `cudnnTensorFormat_t`, `cudnnDataType_t`, `cudnnConvolutionMode_t`, `cudnnDeterminism_t` */
const [channelsFirst, float, crossCorrelation, deterministic] = [0, 0, 1, 1]

/** `cudnnMathType_t`: with tensor cores as the library likes, or with all digits of float32. */
const math = { tf32: 0, float32: 3 } as const

/** `struct cudnnConvolutionBwdFilterAlgoPerf_t`: its size and where its members stand, in bytes. */
const performance = { size: 48, algorithm: 0, status: 4, determinism: 24, math: 28 } as const
const mostAlgorithms = 8

interface Plan {
  readonly image: Address
  readonly gradient: Address
  readonly convolution: Address
  readonly kernel: Address
  readonly algorithm: number
  readonly workspace: number
}

/** The gradient of a convolution's kernel by cuDNN, with the first algorithm that it advises of those that always give the same bits. */
export class KernelGradients {
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

  kernelOf(operator: KernelGradient): Kernel {
    let plan: Plan | undefined
    const [one, zero] = [Float32Array.of(1), Float32Array.of(0)]
    return ({ inputs: [image = 0n, gradient = 0n], outputs: [output = 0n], stream }) => {
      const { cudnn } = this.#libraries
      this.#handle ??= cudnn.create('cudnnCreate')
      plan ??= this.#plan(this.#handle, operator)
      cudnn.call('cudnnSetStream', this.#handle, stream)
      const { algorithm, workspace } = plan
      const given = [
        this.#handle,
        one,
        plan.image,
        image,
        plan.gradient,
        gradient,
        plan.convolution,
        algorithm,
      ] as const
      const place = this.#workspace.atLeast(workspace)
      cudnn.call('cudnnConvolutionBackwardFilter', ...given, place, workspace, zero, plan.kernel, output)
    }
  }

  release(): void {
    const { cudnn } = this.#libraries
    for (const { image, gradient, convolution, kernel } of this.#plans) {
      for (const tensor of [image, gradient]) cudnn.call('cudnnDestroyTensorDescriptor', tensor)
      cudnn.call('cudnnDestroyConvolutionDescriptor', convolution)
      cudnn.call('cudnnDestroyFilterDescriptor', kernel)
    }
    if (this.#handle !== undefined) cudnn.call('cudnnDestroy', this.#handle)
  }

  #plan(
    handle: Address,
    { image, gradient, gives: [output], strides, before, dilations, groups }: KernelGradient,
  ): Plan {
    const { cudnn } = this.#libraries
    const tensor = (shape: readonly number[]): Address => {
      const made = cudnn.create('cudnnCreateTensorDescriptor')
      cudnn.call('cudnnSetTensor4dDescriptor', made, channelsFirst, float, ...shape)
      return made
    }
    const kernel = cudnn.create('cudnnCreateFilterDescriptor')
    cudnn.call('cudnnSetFilter4dDescriptor', kernel, float, channelsFirst, ...(output?.shape ?? []))
    const convolution = cudnn.create('cudnnCreateConvolutionDescriptor')
    const geometry = [...before, ...strides, ...dilations]
    cudnn.call('cudnnSetConvolution2dDescriptor', convolution, ...geometry, crossCorrelation, float)
    cudnn.call('cudnnSetConvolutionGroupCount', convolution, groups)
    cudnn.call('cudnnSetConvolutionMathType', convolution, math[this.#precision])
    const described = [handle, tensor(image), tensor(gradient), convolution, kernel] as const
    const [, imageTensor, gradientTensor] = described
    const found = this.#algorithm(described)
    cudnn.call('cudnnSetConvolutionMathType', convolution, found.math)
    const size = cudnn.make('cudnnGetConvolutionBackwardFilterWorkspaceSize', ...described, found.algorithm)
    const plan = { image: imageTensor, gradient: gradientTensor, convolution, kernel }
    const made = { ...plan, algorithm: found.algorithm, workspace: Number(size) }
    this.#plans.push(made)
    return made
  }

  #algorithm(described: readonly Address[]): { readonly algorithm: number; readonly math: number } {
    const count = new Int32Array(1)
    const found = new DataView(new ArrayBuffer(mostAlgorithms * performance.size))
    const list = new Uint8Array(found.buffer)
    this.#libraries.cudnn.call(
      'cudnnGetConvolutionBackwardFilterAlgorithm_v7',
      ...described,
      mostAlgorithms,
      count,
      list,
    )
    const all = Array.from({ length: count[0] ?? 0 }, (_, index) => {
      const at = (member: number): number => found.getInt32(index * performance.size + member, true)
      return {
        algorithm: at(performance.algorithm),
        isUsable: at(performance.status) === 0 && at(performance.determinism) === deterministic,
        math: at(performance.math),
      }
    })
    const first = all.find(({ isUsable }) => isUsable)
    if (first === undefined)
      throw new Error('cuDNN has no way to the gradient of a kernel that always gives the same bits')
    return first
  }
}
