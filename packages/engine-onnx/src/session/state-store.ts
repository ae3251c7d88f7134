import type { Shape } from '@convzoo/core'
import { internalError } from '@convzoo/core/define'
import type { Place } from './runtime.js'

/** A state tensor's two places: what functions read, and where the next value is written. */
interface Slot<P> {
  readonly shape: Shape
  current: P
  spare: P | undefined
}

/**
 * State that changes all at once: new values are written beside the old ones, and then the two change places. The second place is
 * made when it is first needed, so what never changes takes memory once.
 */
export class StateStore<P extends Place> {
  readonly #slots: ReadonlyMap<string, Slot<P>>
  /** Beside the places of functions: one that runs before they are committed does not meet them. */
  readonly #staged = new Map<string, Float32Array>()

  constructor(
    state: readonly { readonly name: string; readonly shape: Shape }[],
    readonly place: (shape: Shape) => P,
  ) {
    this.#slots = new Map(state.map(({ name, shape }) => [name, { shape, current: place(shape), spare: undefined }]))
  }

  current(name: string): P {
    return this.#slot(name).current
  }

  /** Where the next value of a tensor is written. */
  next(name: string): P {
    const slot = this.#slot(name)
    slot.spare ??= this.place(slot.shape)
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
    for (const [name, data] of this.#staged) this.current(name).write(data)
    this.discardStaged()
  }

  discardStaged(): void {
    this.#staged.clear()
  }

  release(): void {
    for (const { current, spare } of this.#slots.values()) {
      current.release()
      spare?.release()
    }
  }

  #slot(name: string): Slot<P> {
    const slot = this.#slots.get(name)
    if (slot === undefined) throw internalError(`There is no state ${name}.`)
    return slot
  }
}
