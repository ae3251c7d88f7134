import type { Shape } from '@convzoo/core'
import { sizeOf } from '@convzoo/core/define'
import type { OwnOperator } from '@convzoo/onnx'
import type { Ffi } from '../capi/koffi.js'
import type { Copier, Kernel, Kernels } from '../capi/operator-domain.js'
import type { Address } from '../capi/ort-api.js'
import type { Precision } from '../session/cuda-options.js'
import { blocksFor, CompiledKernels, type Launched } from './compiled.js'
import { type Convolution, Convolutions, type Run } from './convolutions.js'
import { type Elementwise, elementwiseSource } from './elementwise.js'
import { foldedConvolution } from './folding.js'
import { type CudaFiles, CudaLibraries } from './libraries.js'
import { PinnedMemory } from './pinned-memory.js'
import { sourceOf } from './source.js'
import { Workspace } from './workspace.js'

type Operator<K extends OwnOperator['kind']> = Extract<OwnOperator, { readonly kind: K }>

/** As many as keep any GPU busy; each thread then takes several numbers. */
const mostBlocks = 4096

/** Of a sum: a block's columns, the blocks that keep any GPU busy, and the rows that are worth a block. */
const [columnsOfBlock, slabBlocks, rowsOfSlab] = [32, 512, 64]

const [source, wideSource] = [sourceOf('unsigned'), sourceOf('unsigned long long')]

/** What one launch takes: `struct Tensors` of the source. */
const mostTensors = 64

/** Operators that ONNX has not, on a CUDA device: by cuDNN where it has them, else by kernels that are compiled when the first is needed. */
export class CudaKernels implements Kernels {
  readonly provider = 'CUDAExecutionProvider'
  readonly copier: Copier
  readonly #libraries: CudaLibraries
  readonly #workspace: Workspace
  /** For folded images and kernels, which are read while {@link #workspace} is written to. */
  readonly #images: Workspace
  readonly #weights: Workspace
  readonly #pinned: PinnedMemory
  readonly #convolutions: Convolutions
  readonly #sources = new Map<string, CompiledKernels>()

  /** @throws Error of the first library that cannot be loaded. */
  constructor(koffi: Ffi, files: CudaFiles, precision: Precision) {
    this.#libraries = new CudaLibraries(koffi, files)
    this.copier = copierOf(this.#libraries)
    this.#workspace = new Workspace(this.#libraries)
    this.#images = new Workspace(this.#libraries)
    this.#weights = new Workspace(this.#libraries)
    this.#pinned = new PinnedMemory(this.#libraries)
    this.#convolutions = new Convolutions(this.#libraries, this.#workspace, precision)
  }

  kernelOf(operator: OwnOperator): Kernel {
    switch (operator.kind) {
      case 'convolution':
      case 'inputGradient':
      case 'kernelGradient':
        return this.#convolution(operator)
      case 'uniform':
        return this.#uniform(operator)
      case 'maxPool':
        return this.#maxPool(operator)
      case 'maxPoolGradient':
        return this.#maxPoolGradient(operator)
      case 'sums':
        return this.#sums(operator)
      case 'allFinite':
        return this.#allFinite(operator)
      case 'elementwise':
        return this.#elementwise(operator)
    }
  }

  pin(data: NodeJS.TypedArray): void {
    this.#pinned.pin(data)
  }

  release(): void {
    this.#pinned.release()
    this.#convolutions.release()
    for (const memory of [this.#workspace, this.#images, this.#weights]) memory.release()
    for (const kernels of this.#sources.values()) kernels.release()
  }

  #uniform({ samples, elements }: Operator<'uniform'>): Kernel {
    const blocks = blocksFor(samples * Math.ceil(elements / 2))
    return ({ inputs: [key = 0n], outputs: [output = 0n], stream }) => {
      const given = [{ address: key }, { address: output }, { words: [samples] }, { words: [elements] }]
      this.#compiled(source).launch('uniform', { stream, blocks, given })
    }
  }

  #convolution(operator: Convolution): Kernel {
    const run = this.#folded(operator) ?? this.#convolutions.runOf(operator)
    if (operator.kind !== 'convolution' || !(operator.bias || operator.relu)) {
      return ({ inputs: [first = 0n, second = 0n], outputs: [output = 0n], stream }) =>
        run(first, second, output, stream)
    }
    const shape = operator.gives[0]?.shape ?? []
    const { launch, count } = this.#each(shape, mostBlocks)
    const inner = operator.layout === 'channelsLast' ? 1 : sizeOf(shape.slice(2))
    const words = [operator.kernel[0] ?? 1, inner, Number(operator.relu)].map((word) => ({ words: [word] }))
    return ({ inputs: [image = 0n, kernel = 0n, bias = 0n], outputs: [output = 0n], stream }) => {
      run(image, kernel, output, stream)
      launch('add_bias', stream, [{ address: output }, { address: bias }, count, ...words])
    }
  }

  /** A convolution of images that are folded first, where that helps; so is the kernel, or the gradient of it comes folded. */
  #folded(operator: Convolution): Run | undefined {
    const folded = foldedConvolution(operator)
    if (folded === undefined) return undefined
    const run = this.#convolutions.runOf(folded.operator)
    const [image, kernel] = [this.#each(folded.image.shape), this.#each(folded.kernel.shape)]
    const [ofImage, ofKernel] = [{ words: folded.image.folding }, { words: folded.kernel.folding }]
    const gradient = this.#each(operator.gives[0]?.shape ?? [])
    return (first, second, result, stream) => {
      const images = this.#images.atLeast(bytesOf(folded.image.shape))
      const kernels = this.#weights.atLeast(bytesOf(folded.kernel.shape))
      image.launch('fold', stream, [{ address: first }, { address: images }, image.count, ofImage])
      if (operator.kind === 'convolution') {
        kernel.launch('fold', stream, [{ address: second }, { address: kernels }, kernel.count, ofKernel])
        return run(images, kernels, result, stream)
      }
      run(images, second, kernels, stream)
      gradient.launch('unfold', stream, [{ address: kernels }, { address: result }, gradient.count, ofKernel])
    }
  }

  #maxPool(operator: Operator<'maxPool'>): Kernel {
    const { launch, count } = this.#each(operator.pooled)
    const windows = windowsOf(operator)
    return ({ inputs: [pixels = 0n], outputs: [output = 0n], stream }) =>
      launch('max_pool', stream, [{ address: pixels }, { address: output }, count, windows])
  }

  #maxPoolGradient(operator: Operator<'maxPoolGradient'>): Kernel {
    const [found, summed] = [this.#each(operator.pooled), this.#each(operator.image)]
    const windows = windowsOf(operator)
    return ({ inputs: [image = 0n, dy = 0n], outputs: [output = 0n], stream }) => {
      const places = { address: this.#workspace.atLeast(bytesOf(operator.pooled)) }
      found.launch('max_pool_places', stream, [{ address: image }, places, found.count, windows])
      summed.launch('max_pool_gradient', stream, [places, { address: dy }, { address: output }, summed.count, windows])
    }
  }

  /** In slabs, which keep the device busy, and then the sums of slabs. */
  #sums({ outer, kept, inner }: Operator<'sums'>): Kernel {
    const across = inner === 1 ? Math.ceil(kept / columnsOfBlock) : kept
    const wanted = Math.ceil(slabBlocks / across)
    const perSlab = Math.max(inner === 1 ? rowsOfSlab : 1, Math.ceil(outer / wanted))
    const slabs = Math.ceil(outer / perSlab)
    return ({ inputs: [data = 0n], outputs: [output = 0n], stream }) => {
      const kernels = this.#compiled(source)
      const parts = slabs === 1 ? output : this.#workspace.atLeast(slabs * kept * Float32Array.BYTES_PER_ELEMENT)
      const sized = [{ count: outer }, { words: [kept] }, { count: perSlab }]
      const given = [{ address: data }, { address: parts }, ...sized]
      if (inner === 1) kernels.launch('sums_of_columns', { stream, blocks: across * slabs, given })
      else {
        const whole = [...given, { words: [inner] }]
        kernels.launch('sums_of_planes', { stream, blocks: across * slabs, given: whole })
      }
      if (slabs === 1) return
      const last = [{ address: parts }, { address: output }, { count: slabs }, { words: [kept] }, { count: slabs }]
      kernels.launch('sums_of_columns', { stream, blocks: Math.ceil(kept / columnsOfBlock), given: last })
    }
  }

  #allFinite({ counts }: Operator<'allFinite'>): Kernel {
    const blocks = Math.min(mostBlocks, blocksFor(Math.max(...counts)))
    return ({ inputs, outputs: [output = 0n], stream }) => {
      const kernels = this.#compiled(source)
      kernels.launch('say_finite', { stream, blocks: 1, given: [{ address: output }] })
      for (let from = 0; from < counts.length; from += mostTensors) {
        const [data, lengths] = [inputs, counts.map(BigInt)].map((all) => {
          const part = all.slice(from, from + mostTensors)
          return [...part, ...new Array<bigint>(mostTensors - part.length).fill(0n)]
        })
        const wide = [...(data ?? []), ...(lengths ?? []), BigInt(Math.min(mostTensors, counts.length - from))]
        kernels.launch('all_finite', { stream, blocks, given: [{ address: output }, { wide }] })
      }
    }
  }

  #elementwise(operator: Elementwise): Kernel {
    const text = elementwiseSource(operator)
    const count = sizeOf(operator.gives[0]?.shape ?? [])
    const blocks = Math.min(mostBlocks, blocksFor(count))
    return ({ inputs, outputs, stream }) => {
      const given = [...[...inputs, ...outputs].map((address) => ({ address })), { count }]
      this.#compiled(text).launch('elementwise', { stream, blocks, given })
    }
  }

  /** Kernels that have a thread for each element, or fewer that take several each. */
  #each(shape: Shape, most = Number.POSITIVE_INFINITY) {
    const size = sizeOf(shape)
    const blocks = Math.min(most, blocksFor(size))
    const isWide = size >= 2 ** 31
    return {
      /** Of the elements, as kernels take it. */
      count: isWide ? { count: size } : { words: [size] },
      launch: (name: string, stream: Address, given: readonly Launched[]): void =>
        this.#compiled(isWide ? wideSource : source).launch(name, { stream, blocks, given }),
    }
  }

  /** The kernels of a source, compiled when the first of them is needed. */
  #compiled(text: string): CompiledKernels {
    const known = this.#sources.get(text)
    if (known !== undefined) return known
    const made = new CompiledKernels(this.#libraries, text)
    this.#sources.set(text, made)
    return made
  }
}

/** `enum cudaMemcpyKind` */
const [hostToDevice, deviceToHost] = [1, 2]

/** Copies of the process and its device, by CUDA. */
function copierOf({ runtime }: CudaLibraries): Copier {
  const bytes = ({ buffer, byteOffset, byteLength }: NodeJS.TypedArray) =>
    new Uint8Array(buffer, byteOffset, byteLength)
  return {
    toDevice: (to, from) => runtime.call('cudaMemcpy', to, bytes(from), from.byteLength, hostToDevice),
    fromDevice(to, from) {
      // What computes does so in an order of its own.
      runtime.call('cudaDeviceSynchronize')
      runtime.call('cudaMemcpy', bytes(to), from, to.byteLength, deviceToHost)
    },
  }
}

const bytesOf = (shape: Shape): number => sizeOf(shape) * Float32Array.BYTES_PER_ELEMENT

/** What is launched for windows: `struct Pooling` of the source. */
function windowsOf({ image, pooled, size, strides, before }: Operator<'maxPool' | 'maxPoolGradient'>): Launched {
  const [, height = 1, width = 1, channels = 1] = image
  const [, rows = 1, columns = 1] = pooled
  return { words: [height, width, channels, rows, columns, ...size, ...strides, ...before] }
}
