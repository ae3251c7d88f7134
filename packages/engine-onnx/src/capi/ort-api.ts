import {
  type Arguments,
  apiVersion,
  errorMessagePlace,
  type FunctionName,
  functions,
  type Making,
  type Parameter,
  type Released,
  releases,
  type Value,
} from './functions.js'
import { type Ffi, keepLoaded, loadKoffi } from './koffi.js'

type Callable = (...values: readonly Value[]) => bigint | null

/** How the parameters are called in C. */
const types: Readonly<Record<keyof Parameter, string>> = {
  pointer: 'void *',
  text: 'str',
  path: process.platform === 'win32' ? 'str16' : 'str',
  texts: 'str *',
  int: 'int',
  size: 'size_t',
}

/** An address of this process. Whoever has made what is there releases it. */
export type Address = bigint

/** ONNX Runtime's C interface, of one library. */
export class OrtApi {
  readonly #callables = new Map<string, Callable>()
  readonly #errorMessage: (status: bigint) => string

  private constructor(
    readonly koffi: Ffi,
    /** Of the library: `1.30.0`. */
    readonly version: string,
    readonly table: Address,
  ) {
    this.#errorMessage = koffi.decode(this.#at(errorMessagePlace), koffi.proto('str', ['void *']))
  }

  /**
   * Loads a library of ONNX Runtime.
   *
   * @param path Absolute.
   * @throws Error of what keeps it from being loaded, in the words of the system, or that it is too old.
   */
  static async load(path: string): Promise<OrtApi> {
    const koffi = await loadKoffi()
    const library = koffi.load(path)
    keepLoaded(koffi, path)
    const base: bigint = library.func('OrtGetApiBase', 'void *', [])()
    const member = (place: number) => koffi.decode(base, place * koffi.sizeof('void *'), 'void *')
    const version: string = koffi.decode(member(1), koffi.proto('str', []))()
    const table: bigint | null = koffi.decode(member(0), koffi.proto('void *', ['uint32_t']))(apiVersion)
    if (table === null) throw new Error(`ONNX Runtime ${version} is too old: 1.${apiVersion} is the first that will do`)
    return new OrtApi(koffi, version, table)
  }

  /** Calls a function. @throws Error with the message of the runtime. */
  call<N extends FunctionName>(name: N, ...given: Arguments<N>): void {
    this.#succeed(name, given)
  }

  /** Calls a function that makes something, whose address comes back. @throws Error with the message of the runtime. */
  make<N extends FunctionName>(name: N, ...given: Making<N> & readonly Value[]): Address {
    const made = new BigUint64Array(1)
    this.#succeed(name, [...given, made])
    return made[0] ?? 0n
  }

  /** Gives back what {@link make} has made. */
  release(what: Released, address: Address): void {
    this.#callable(`Release${what}`, releases[what], ['pointer'], 'void')(address)
  }

  /** The text at an address. */
  textAt(address: Address): string {
    return this.koffi.decode.string(address)
  }

  /** The addresses that stand one after another at an address. */
  addressesAt(address: Address, count: number): Address[] {
    const size = this.koffi.sizeof('void *')
    return Array.from({ length: count }, (_, index) => this.koffi.decode(address, index * size, 'void *'))
  }

  #succeed(name: FunctionName, given: readonly Value[]): void {
    const { place, takes } = functions[name]
    const status = this.#callable(name, place, takes)(...given)
    if (status === null) return
    const message = this.#errorMessage(status)
    this.release('Status', status)
    throw new Error(message)
  }

  #callable(name: string, place: number, takes: readonly (keyof Parameter)[], gives = 'void *'): Callable {
    const known = this.#callables.get(name)
    if (known !== undefined) return known
    const { koffi } = this
    const prototype = koffi.proto(
      gives,
      takes.map((kind) => types[kind]),
    )
    const made: Callable = koffi.decode(this.#at(place), prototype)
    this.#callables.set(name, made)
    return made
  }

  #at(place: number): Address {
    return this.koffi.decode(this.table, place * this.koffi.sizeof('void *'), 'void *')
  }
}
