import type { TensorType } from '../graph/index.js'
import type { Arrays } from './protocol.js'

type Buffer32 = Float32Array | Uint32Array

/** Arrays that travel to the worker and back. A caller's numbers are copied into them, so that the caller keeps its own. */
export class BufferPool {
  readonly #free = new Map<string, Buffer32[]>()
  readonly #isShared: boolean

  /** @param isShared Whether both threads see the memory: then it stays where it is, and a device can be told of it once. */
  constructor(isShared: boolean) {
    this.#isShared = isShared
  }

  copy(values: ArrayLike<number>, { name, dtype }: { readonly name: string } & Pick<TensorType, 'dtype'>): Buffer32 {
    const free = this.#free.get(`${name} ${values.length}`)?.pop()
    const array = free ?? this.#make(values.length, dtype)
    array.set(values)
    return array
  }

  #make(length: number, dtype: TensorType['dtype']): Buffer32 {
    const size = length * Float32Array.BYTES_PER_ELEMENT
    const memory = this.#isShared ? new SharedArrayBuffer(size) : new ArrayBuffer(size)
    return dtype === 'uint32' ? new Uint32Array(memory) : new Float32Array(memory)
  }

  giveBack(arrays: Arrays): void {
    for (const [name, array] of Object.entries(arrays)) {
      const key = `${name} ${array.length}`
      const free = this.#free.get(key)
      if (free === undefined) this.#free.set(key, [array])
      else free.push(array)
    }
  }
}
