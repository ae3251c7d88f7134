import { internalError } from '@convzoo/core/define'
import { type OwnOperator, ownDomain } from '@convzoo/onnx'
import type { Address, OrtApi } from './ort-api.js'
import { dimensionsOf, elementTypes, type Numbers } from './values.js'

/** What an operator is run with: addresses of tensors, of a device where it runs on one. */
interface KernelCall {
  readonly inputs: readonly Address[]
  readonly outputs: readonly Address[]
  /** The stream in whose order a device works; 0 on the CPU. */
  readonly stream: Address
}

/** Computes an operator's outputs. */
export type Kernel = (call: KernelCall) => void

/** Copies bytes between the process and a device, and is done when it returns. */
export interface Copier {
  toDevice(to: Address, from: Numbers): void
  fromDevice(to: Numbers, from: Address): void
}

/** Those who compute operators that ONNX has not. */
export interface Kernels {
  /** ONNX Runtime's name of where they compute; undefined for the CPU. */
  readonly provider: string | undefined
  kernelOf(operator: OwnOperator): Kernel
  /** Copies to and from the device where they compute. */
  readonly copier: Copier
  /** Makes it quick to take an array in, if that can be: it is told of each. */
  pin(data: NodeJS.TypedArray): void
  release(): void
}

/** `enum OrtCustomOpInputOutputCharacteristic`, `enum OrtMemType` */
const [required, ownMemory] = [0, 0]

/** The members of `struct OrtCustomOp` after its version, as of version 14 of the interface, and how they are called in C. */
const members = {
  CreateKernel: { gives: 'void *', takes: ['void *', 'void *', 'void *'] },
  GetName: { gives: 'void *', takes: ['void *'] },
  GetExecutionProviderType: { gives: 'void *', takes: ['void *'] },
  GetInputType: { gives: 'int', takes: ['void *', 'size_t'] },
  GetInputTypeCount: { gives: 'size_t', takes: ['void *'] },
  GetOutputType: { gives: 'int', takes: ['void *', 'size_t'] },
  GetOutputTypeCount: { gives: 'size_t', takes: ['void *'] },
  KernelCompute: { gives: 'void', takes: ['void *', 'void *'] },
  KernelDestroy: { gives: 'void', takes: ['void *'] },
  GetInputCharacteristic: { gives: 'int', takes: ['void *', 'size_t'] },
  GetOutputCharacteristic: { gives: 'int', takes: ['void *', 'size_t'] },
  GetInputMemoryType: { gives: 'int', takes: ['void *', 'size_t'] },
  GetVariadicInputMinArity: { gives: 'int', takes: ['void *'] },
  GetVariadicInputHomogeneity: { gives: 'int', takes: ['void *'] },
  GetVariadicOutputMinArity: { gives: 'int', takes: ['void *'] },
  GetVariadicOutputHomogeneity: { gives: 'int', takes: ['void *'] },
} as const
type Member = keyof typeof members
const memberNames = Object.keys(members).filter((name): name is Member => name in members)
const structVersion = 14n

interface Entry {
  readonly operator: OwnOperator
  readonly kernel: Kernel
  readonly name: Buffer
  readonly dimensions: readonly BigInt64Array[]
  /** Of its outputs. */
  readonly types: readonly number[]
  readonly struct: BigUint64Array
}

/**
 * The operators of one model that ONNX has not, as ONNX Runtime is told of them. It calls back while a session runs, in the thread that runs
 * it.
 *
 * Source: `struct OrtCustomOp` in onnxruntime_c_api.h.
 */
export class OperatorDomain {
  readonly address: Address
  readonly #api: OrtApi
  readonly #provider: Buffer | undefined
  readonly #entries = new Map<Address, Entry>()
  readonly #callbacks: Address[] = []
  #failure: { readonly error: unknown } | undefined

  constructor(api: OrtApi, operators: readonly OwnOperator[], kernels: Kernels) {
    this.#api = api
    this.#provider = kernels.provider === undefined ? undefined : text(kernels.provider)
    this.address = api.make('CreateCustomOpDomain', ownDomain)
    const pointers = this.#register()
    for (const operator of operators) {
      const struct = new BigUint64Array([structVersion, ...pointers])
      this.#entries.set(api.koffi.address(struct), {
        operator,
        kernel: kernels.kernelOf(operator),
        name: text(operator.type),
        dimensions: operator.gives.map(({ shape }) => dimensionsOf(shape)),
        types: operator.gives.map(({ dtype }) => elementTypes[dtype]),
        struct,
      })
      api.call('CustomOpDomain_Add', this.address, struct)
    }
  }

  /** @throws What an operator failed with since the last call: ONNX Runtime cannot be told. */
  check(): void {
    const failure = this.#failure
    this.#failure = undefined
    if (failure !== undefined) throw failure.error
  }

  /** After the session that has it. */
  release(): void {
    this.#api.release('CustomOpDomain', this.address)
    for (const callback of this.#callbacks) this.#api.koffi.unregister(callback)
  }

  #register(): readonly bigint[] {
    const { koffi } = this.#api
    const entry = (address: Address): Entry => {
      const found = this.#entries.get(address)
      if (found === undefined) throw internalError('ONNX Runtime asked for an operator that there is not.')
      return found
    }
    const calls: Readonly<Record<Member, (...given: readonly bigint[]) => bigint | number | null | undefined>> = {
      // What it returns is what the kernel is called with: the operator itself.
      CreateKernel: (operator = 0n) => operator,
      GetName: (operator = 0n) => koffi.address(entry(operator).name),
      GetExecutionProviderType: () => (this.#provider === undefined ? null : koffi.address(this.#provider)),
      GetInputType: (operator = 0n) => elementTypes[entry(operator).operator.takes.dtype],
      GetInputTypeCount: (operator = 0n) => entry(operator).operator.takes.count,
      GetOutputType: (operator = 0n, index = 0n) => entry(operator).types[Number(index)],
      GetOutputTypeCount: (operator = 0n) => entry(operator).types.length,
      KernelCompute: (operator = 0n, context = 0n) => this.#compute(entry(operator), context),
      KernelDestroy: () => undefined,
      GetInputCharacteristic: () => required,
      GetOutputCharacteristic: () => required,
      GetInputMemoryType: () => ownMemory,
      GetVariadicInputMinArity: () => 1,
      GetVariadicInputHomogeneity: () => 1,
      GetVariadicOutputMinArity: () => 1,
      GetVariadicOutputHomogeneity: () => 1,
    }
    return memberNames.map((name) => {
      const { gives, takes } = members[name]
      const callback: Address = koffi.register(calls[name], koffi.pointer(koffi.proto(gives, [...takes])))
      this.#callbacks.push(callback)
      return callback
    })
  }

  #compute({ operator, kernel, dimensions }: Entry, context: Address): undefined {
    if (this.#failure !== undefined) return
    try {
      const data = (value: Address): Address => this.#api.make('GetTensorMutableData', value)
      const inputs = Array.from({ length: operator.takes.count }, (_, index) =>
        data(this.#api.make('KernelContext_GetInput', context, index)),
      )
      const outputs = operator.gives.map(({ shape }, index) =>
        data(this.#api.make('KernelContext_GetOutput', context, index, dimensions[index] ?? null, shape.length)),
      )
      const stream = this.#provider === undefined ? 0n : this.#api.make('KernelContext_GetGPUComputeStream', context)
      kernel({ inputs, outputs, stream })
    } catch (error) {
      this.#failure = { error }
    }
  }
}

/** As C has it, with a zero at its end. */
const text = (value: string): Buffer => Buffer.from(`${value}\0`, 'latin1')
