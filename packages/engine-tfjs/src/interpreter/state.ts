import type { Shape } from '@convzoo/core'
import { internalError, sizeOf } from '@convzoo/core/define'
import type { Kernels, Tensor } from './kernels.js'

interface Slot {
  readonly shape: Shape
  tensor: Tensor
}

/** A change that may be undone as long as it is not kept. */
export interface Change {
  /** For good: what was replaced is freed. */
  keep(): void
  /** Puts back what was there before, and undoes all changes that came later. */
  undo(): void
}

/** State as tensors, which change all at once. What is replaced is freed. */
export class TensorState {
  readonly #slots: ReadonlyMap<string, Slot>
  /** What was replaced by each change that may still be undone, the oldest first. */
  readonly #replaced: Map<Slot, Tensor>[] = []
  readonly #staged = new Map<string, Float32Array>()

  constructor(
    readonly kernels: Kernels,
    state: readonly { readonly name: string; readonly shape: Shape }[],
  ) {
    this.#slots = new Map(
      state.map(({ name, shape }) => [name, { shape, tensor: kernels.tensor(new Float32Array(sizeOf(shape)), shape) }]),
    )
  }

  tensor(name: string): Tensor {
    return this.#slot(name).tensor
  }

  /** A copy of a tensor's elements. */
  read(name: string): Promise<Float32Array> {
    return this.kernels.backend.watch(async () => Float32Array.from(await this.kernels.numbers(this.tensor(name))))
  }

  /** Takes over tensors as the new values of state, but keeps the old ones until it is known whether the change stays. */
  change(tensors: Iterable<readonly [name: string, tensor: Tensor]>): Change {
    const replaced = new Map<Slot, Tensor>()
    for (const [name, tensor] of tensors) {
      const slot = this.#slot(name)
      replaced.set(slot, slot.tensor)
      slot.tensor = tensor
    }
    this.#replaced.push(replaced)
    return {
      keep: () => {
        const place = this.#replaced.indexOf(replaced)
        if (place < 0) return
        this.#replaced.splice(place, 1)
        for (const tensor of replaced.values()) tensor.dispose()
      },
      undo: () => {
        const place = this.#replaced.indexOf(replaced)
        if (place < 0) return
        const given: Tensor[] = []
        for (const later of this.#replaced.splice(place).toReversed()) {
          for (const [slot, tensor] of later) {
            given.push(slot.tensor)
            slot.tensor = tensor
          }
        }
        // Only now: a device that was lost may not know their memory any more.
        for (const tensor of given) tensor.dispose()
      },
    }
  }

  /** Takes over tensors as the new values of state. */
  replace(tensors: Iterable<readonly [name: string, tensor: Tensor]>): void {
    for (const [name, tensor] of tensors) {
      const slot = this.#slot(name)
      slot.tensor.dispose()
      slot.tensor = tensor
    }
  }

  stage(name: string, data: Float32Array): void {
    this.#staged.set(name, data)
  }

  commitStaged(): void {
    this.replace([...this.#staged].map(([name, data]) => [name, this.kernels.tensor(data, this.#slot(name).shape)]))
    this.discardStaged()
  }

  discardStaged(): void {
    this.#staged.clear()
  }

  dispose(): void {
    for (const { tensor } of this.#slots.values()) tensor.dispose()
  }

  #slot(name: string): Slot {
    const slot = this.#slots.get(name)
    if (slot === undefined) throw internalError(`There is no state ${name}.`)
    return slot
  }
}
