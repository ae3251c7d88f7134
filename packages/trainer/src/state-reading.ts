import type { NamedTensor } from '@convzoo/core'

/** Gives state tensors by name, in that order. */
export type ReadTensors = (names: readonly string[]) => AsyncIterable<NamedTensor>

/**
 * A look at the whole state of one moment. Tensors are read when they are asked for; before the state changes, those that are due are read
 * at once and kept, so that whoever looks slowly holds nobody up and sees nothing of a later moment.
 */
export class StateReading {
  readonly #read: ReadTensors
  #due: readonly string[]
  #kept: NamedTensor[] = []
  #last: Promise<unknown> = Promise.resolve()

  constructor(names: readonly string[], read: ReadTensors) {
    this.#due = names
    this.#read = read
  }

  /** The next tensor; undefined after the last one. */
  next(): Promise<NamedTensor | undefined> {
    return this.#inTurn(async () => {
      const [name, ...due] = this.#due
      if (this.#kept.length > 0 || name === undefined) return this.#kept.shift()
      for await (const tensor of this.#read([name])) {
        this.#due = due
        return tensor
      }
      return undefined
    })
  }

  /** Reads what is due, and keeps it. */
  keep(): Promise<void> {
    return this.#inTurn(async () => {
      for await (const tensor of this.#read(this.#due)) this.#kept.push(tensor)
      this.#due = []
    })
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work)
    this.#last = result.catch(() => undefined)
    return result
  }
}
