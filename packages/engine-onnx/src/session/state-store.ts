import type { Shape } from '@convzoo/core'
import { internalError, sizeOf } from '@convzoo/core/define'

/** A state tensor's two places: what functions read, and where the next value is written. */
interface Slot {
  readonly shape: Shape
  current: Float32Array
  spare: Float32Array | undefined
}

/**
 * State that changes all at once: new values are written beside the old ones, and then the two change places. The second place is
 * made when it is first needed, so what never changes takes memory once.
 */
export class StateStore {
  readonly #slots: ReadonlyMap<string, Slot>
  /** Beside the places of functions: one that runs before they are committed does not meet them. */
  readonly #staged = new Map<string, Float32Array>()

  constructor(state: readonly { readonly name: string; readonly shape: Shape }[]) {
    this.#slots = new Map(
      state.map(({ name, shape }) => [name, { shape, current: new Float32Array(sizeOf(shape)), spare: undefined }]),
    )
  }

  current(name: string): Float32Array {
    return this.#slot(name).current
  }

  /** Where the next value of a tensor is written. */
  next(name: string): Float32Array {
    const slot = this.#slot(name)
    slot.spare ??= new Float32Array(slot.current.length)
    return slot.spare
  }

  /** The next values of these tensors become the current ones. */
  commit(names: Iterable<string>): void {
    for (const name of names) {
      const slot = this.#slot(name)
      const { spare } = slot
      if (spare === undefined) throw internalError(`The state ${name} has no next value.`)
      slot.spare = slot.current
      slot.current = spare
    }
  }

  /** Puts a value aside until {@link commitStaged}. */
  stage(name: string, data: Float32Array): void {
    this.#slot(name)
    this.#staged.set(name, data)
  }

  commitStaged(): void {
    for (const [name, data] of this.#staged) this.#slot(name).current = data
    this.discardStaged()
  }

  discardStaged(): void {
    this.#staged.clear()
  }

  #slot(name: string): Slot {
    const slot = this.#slots.get(name)
    if (slot === undefined) throw internalError(`There is no state ${name}.`)
    return slot
  }
}
