import type { TensorType } from '../graph/index.js'
import type { Arrays } from './protocol.js'

type Buffer32 = Float32Array | Uint32Array

/** Arrays that travel to the worker and back. A caller's numbers are copied into them, so that the caller keeps its own. */
export class BufferPool {
  readonly #free = new Map<string, Buffer32[]>()

  copy(values: ArrayLike<number>, { name, dtype }: { readonly name: string } & Pick<TensorType, 'dtype'>): Buffer32 {
    const free = this.#free.get(`${name} ${values.length}`)?.pop()
    const array = free ?? (dtype === 'uint32' ? new Uint32Array(values.length) : new Float32Array(values.length))
    array.set(values)
    return array
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
