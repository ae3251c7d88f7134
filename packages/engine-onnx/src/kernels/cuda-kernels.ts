import { sizeOf } from '@convzoo/core/define'
import type { OwnOperator } from '@convzoo/onnx'
import type { Ffi } from '../capi/koffi.js'
import type { Kernel, Kernels } from '../capi/operator-domain.js'
import type { Precision } from '../session/cuda-options.js'
import { blocksFor, CompiledKernels } from './compiled.js'
import { type Elementwise, elementwiseSource } from './elementwise.js'
import { KernelGradients } from './kernel-gradient.js'
import { type CudaFiles, CudaLibraries } from './libraries.js'
import { PinnedMemory } from './pinned-memory.js'
import { source } from './source.js'
import { Workspace } from './workspace.js'

type Operator<K extends OwnOperator['kind']> = Extract<OwnOperator, { readonly kind: K }>

/** As many as keep any GPU busy; each thread then takes several numbers. */
const mostBlocks = 4096

/** What one launch takes: `struct Tensors` of the source. */
const mostTensors = 64

/** Operators that ONNX has not, on a CUDA device: by cuDNN where it has them, else by kernels that are compiled when the first is needed. */
export class CudaKernels implements Kernels {
  readonly provider = 'CUDAExecutionProvider'
  readonly #libraries: CudaLibraries
  readonly #workspace: Workspace
  readonly #pinned: PinnedMemory
  readonly #gradients: KernelGradients
  readonly #sources = new Map<string, CompiledKernels>()

  /** @throws Error of the first library that cannot be loaded. */
  constructor(koffi: Ffi, files: CudaFiles, precision: Precision) {
    this.#libraries = new CudaLibraries(koffi, files)
    this.#workspace = new Workspace(this.#libraries)
    this.#pinned = new PinnedMemory(this.#libraries)
    this.#gradients = new KernelGradients(this.#libraries, this.#workspace, precision)
  }

  kernelOf(operator: OwnOperator): Kernel {
    switch (operator.kind) {
      case 'kernelGradient':
        return this.#gradients.kernelOf(operator)
      case 'uniform':
        return this.#uniform(operator)
      case 'maxPoolGradient':
        return this.#maxPoolGradient(operator)
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
    this.#gradients.release()
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

  #maxPoolGradient({ gives: [image], gradient, size, strides, before }: Operator<'maxPoolGradient'>): Kernel {
    const shape = image?.shape ?? []
    const blocks = sizeOf(shape.slice(0, 2))
    const words = [...shape.slice(2), ...gradient.slice(2), ...size, ...strides, ...before]
    const room = sizeOf(gradient) * Int32Array.BYTES_PER_ELEMENT
    return ({ inputs: [pixels = 0n, dy = 0n], outputs: [output = 0n], stream }) => {
      const places = this.#workspace.atLeast(room)
      const kernels = this.#compiled(source)
      const found = [{ address: pixels }, { address: places }, { words }]
      kernels.launch('max_pool_places', { stream, blocks, given: found })
      const summed = [{ address: places }, { address: dy }, { address: output }, { words }]
      kernels.launch('max_pool_gradient', { stream, blocks, given: summed })
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
