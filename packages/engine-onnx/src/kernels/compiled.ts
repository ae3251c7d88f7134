import type { Address } from '../capi/ort-api.js'
import type { CudaLibraries } from './libraries.js'

/** `enum cudaDeviceAttr` */
const [computeMajor, computeMinor] = [75, 76]
const firstDevice = 0
const threads = 256

/** The compute capability of the device: `90`. */
function compute({ runtime }: CudaLibraries): string {
  const attribute = (which: number): number => {
    const value = new Int32Array(1)
    runtime.call('cudaDeviceGetAttribute', value, which, firstDevice)
    return value[0] ?? 0
  }
  return `${attribute(computeMajor)}${attribute(computeMinor)}`
}

/**
 * Machine code of a source for one kind of GPU, `90` for compute capability 9.0. It takes no GPU.
 *
 * @throws Error with what the compiler says.
 */
export function compileSource({ compiler }: Pick<CudaLibraries, 'compiler'>, source: string, kind: string): Uint8Array {
  const program = compiler.create('nvrtcCreateProgram', source, 'convzoo.cu', 0, null, null)
  const handle = BigUint64Array.of(program)
  try {
    try {
      const options = [`--gpu-architecture=sm_${kind}`, '--std=c++17']
      compiler.call('nvrtcCompileProgram', program, options.length, options)
    } catch (error) {
      const log = Buffer.alloc(Number(compiler.make('nvrtcGetProgramLogSize', program)))
      compiler.call('nvrtcGetProgramLog', program, log)
      throw new Error(`CUDA's compiler refused a kernel: ${log.toString('latin1').replace(/\0.*$/s, '').trim()}`, {
        cause: error,
      })
    }
    const code = new Uint8Array(Number(compiler.make('nvrtcGetCUBINSize', program)))
    compiler.call('nvrtcGetCUBIN', program, code)
    return code
  } finally {
    compiler.call('nvrtcDestroyProgram', handle)
  }
}

/** What a kernel is launched with: an address or a count, or a struct of whole numbers of 32 bits, or one of 64 bits. */
export type Launched =
  | { readonly address: Address }
  | { readonly count: number }
  | { readonly words: readonly number[] }
  | { readonly wide: readonly bigint[] }

interface Launch {
  readonly stream: Address
  /** Of 256 threads each. */
  readonly blocks: number
  readonly given: readonly Launched[]
}

/** Blocks for so many threads. */
export const blocksFor = (count: number): number => Math.ceil(count / threads)

/** Kernels of a source, on the device of the process. */
export class CompiledKernels {
  readonly #libraries: CudaLibraries
  readonly #module: Address
  readonly #functions = new Map<string, Address>()

  /** @throws Error with what the compiler or the driver says. */
  constructor(libraries: CudaLibraries, source: string) {
    this.#libraries = libraries
    this.#module = libraries.driver.create('cuModuleLoadData', compileSource(libraries, source, compute(libraries)))
  }

  /** Has the device run a kernel, in the order of its stream. */
  launch(name: string, { stream, blocks, given }: Launch): void {
    const { driver } = this.#libraries
    const held = given.map((each) => {
      if ('words' in each) return Int32Array.from(each.words)
      if ('wide' in each) return BigUint64Array.from(each.wide)
      return BigUint64Array.of('address' in each ? each.address : BigInt(each.count))
    })
    const pointers = BigUint64Array.from(held, (array) => driver.addressOf(array))
    driver.call('cuLaunchKernel', this.#function(name), blocks, 1, 1, threads, 1, 1, 0, stream, pointers, null)
  }

  release(): void {
    this.#libraries.driver.call('cuModuleUnload', this.#module)
  }

  #function(name: string): Address {
    const known = this.#functions.get(name)
    if (known !== undefined) return known
    const found = this.#libraries.driver.create('cuModuleGetFunction', this.#module, name)
    this.#functions.set(name, found)
    return found
  }
}
