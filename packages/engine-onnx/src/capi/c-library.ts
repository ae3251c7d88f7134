import type { Ffi } from './koffi.js'

/** What a parameter of a C function is. */
type Parameter = 'void *' | 'int' | 'uint' | 'size_t' | 'str' | 'str *'

/** What is passed: addresses are whole numbers, arrays are passed by the address of their memory. */
export type Passed = bigint | number | string | readonly string[] | NodeJS.TypedArray | null

/** Functions of a library by their names; each gives a status, which is 0 for success. */
export type Declared = Readonly<Record<string, readonly Parameter[]>>

/** A library whose functions give a status. */
export class CLibrary<D extends Declared> {
  readonly #koffi: Ffi
  readonly #library: ReturnType<Ffi['load']>
  readonly #declared: D
  readonly #explanation: string | undefined
  readonly #functions = new Map<keyof D, (...given: readonly Passed[]) => number>()

  /** @param explanation The function that has the text of a status, if one returns it. */
  constructor(koffi: Ffi, path: string, { declared, explanation }: { declared: D; explanation?: string }) {
    this.#koffi = koffi
    this.#library = koffi.load(path)
    this.#declared = declared
    this.#explanation = explanation
  }

  /** @throws Error that names the function and what its status means. */
  call(name: keyof D & string, ...given: readonly Passed[]): void {
    const status = this.#function(name)(...given)
    if (status === 0) return
    const explain = this.#explanation === undefined ? undefined : this.#library.func(this.#explanation, 'str', ['int'])
    throw new Error(`${name}: ${explain?.(status) ?? 'failed'} (${status})`)
  }

  /** Calls a function whose last parameter is where it writes an address or a size. */
  make(name: keyof D & string, ...given: readonly Passed[]): bigint {
    const made = new BigUint64Array(1)
    this.call(name, ...given, made)
    return made[0] ?? 0n
  }

  /** Calls a function whose first parameter is where it writes an address. */
  create(name: keyof D & string, ...given: readonly Passed[]): bigint {
    const made = new BigUint64Array(1)
    this.call(name, made, ...given)
    return made[0] ?? 0n
  }

  /** The address of an array's memory. */
  addressOf(array: NodeJS.TypedArray): bigint {
    return this.#koffi.address(array)
  }

  #function(name: keyof D & string) {
    const known = this.#functions.get(name)
    if (known !== undefined) return known
    const made: (...given: readonly Passed[]) => number = this.#library.func(name, 'int', [
      ...(this.#declared[name] ?? []),
    ])
    this.#functions.set(name, made)
    return made
  }
}
