import { sizeOf } from '@convzoo/core/define'
import type { OwnOperator } from '@convzoo/onnx'
import type { Ffi } from '../capi/koffi.js'
import type { Kernel, Kernels } from '../capi/operator-domain.js'
import type { Precision } from '../session/cuda-options.js'
import { blocksFor, CompiledKernels } from './compiled.js'
import { type Convolution, Convolutions } from './convolutions.js'
import { type Elementwise, elementwiseSource } from './elementwise.js'
import { type CudaFiles, CudaLibraries } from './libraries.js'
import { PinnedMemory } from './pinned-memory.js'
import { source } from './source.js'
import { Workspace } from './workspace.js'

type Operator<K extends OwnOperator['kind']> = Extract<OwnOperator, { readonly kind: K }>

/** As many as keep any GPU busy; each thread then takes several numbers. */
const mostBlocks = 4096

/** Of a sum: a block's columns, the blocks that keep any GPU busy, and the rows that are worth a block. */
const [columnsOfBlock, slabBlocks, rowsOfSlab] = [32, 1024, 64]

/** What one launch takes: `struct Tensors` of the source. */
const mostTensors = 64

/** Operators that ONNX has not, on a CUDA device: by cuDNN where it has them, else by kernels that are compiled when the first is needed. */
export class CudaKernels implements Kernels {
  readonly provider = 'CUDAExecutionProvider'
  readonly #libraries: CudaLibraries
  readonly #workspace: Workspace
  readonly #pinned: PinnedMemory
  readonly #convolutions: Convolutions
  readonly #sources = new Map<string, CompiledKernels>()

  /** @throws Error of the first library that cannot be loaded. */
  constructor(koffi: Ffi, files: CudaFiles, precision: Precision) {
    this.#libraries = new CudaLibraries(koffi, files)
    this.#workspace = new Workspace(this.#libraries)
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
    this.#workspace.release()
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
    const run = this.#convolutions.runOf(operator)
    const count = sizeOf(operator.gives[0]?.shape ?? [])
    const blocks = Math.min(mostBlocks, blocksFor(count))
    return ({ inputs: [first = 0n, second = 0n, bias = 0n], outputs: [output = 0n], stream }) => {
      run(first, second, output, stream)
      if (operator.kind !== 'convolution' || !(operator.bias || operator.relu)) return
      const words = [operator.kernel[0] ?? 1, Number(operator.relu)]
      const given = [{ address: output }, { address: bias }, { count }, ...words.map((word) => ({ words: [word] }))]
      this.#compiled(source).launch('add_bias', { stream, blocks, given })
    }
  }

  #maxPool(operator: Operator<'maxPool'>): Kernel {
    const { count, blocks, windows } = windowsOf(operator)
    return ({ inputs: [pixels = 0n], outputs: [output = 0n], stream }) => {
      const given = [{ address: pixels }, { address: output }, { count }, windows]
      this.#compiled(source).launch('max_pool', { stream, blocks, given })
    }
  }

  #maxPoolGradient(operator: Operator<'maxPoolGradient'>): Kernel {
    const { count, blocks, windows } = windowsOf(operator)
    const pixels = sizeOf(operator.image)
    return ({ inputs: [image = 0n, dy = 0n], outputs: [output = 0n], stream }) => {
      const places = this.#workspace.atLeast(count * Int32Array.BYTES_PER_ELEMENT)
      const kernels = this.#compiled(source)
      const found = [{ address: image }, { address: places }, { count }, windows]
      kernels.launch('max_pool_places', { stream, blocks, given: found })
      const summed = [{ address: places }, { address: dy }, { address: output }, { count: pixels }, windows]
      kernels.launch('max_pool_gradient', { stream, blocks: blocksFor(pixels), given: summed })
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

  /** The kernels of a source, compiled when the first of them is needed. */
  #compiled(text: string): CompiledKernels {
    const known = this.#sources.get(text)
    if (known !== undefined) return known
    const made = new CompiledKernels(this.#libraries, text)
    this.#sources.set(text, made)
    return made
  }
}

/** What is launched for windows: `struct Pooling` of the source. */
function windowsOf({ image, pooled, size, strides, before }: Operator<'maxPool' | 'maxPoolGradient'>) {
  const [, height = 1, width = 1, channels = 1] = image
  const [, rows = 1, columns = 1] = pooled
  const count = sizeOf(pooled)
  const words = [height, width, channels, rows, columns, ...size, ...strides, ...before]
  return { count, blocks: blocksFor(count), windows: { words } }
}
