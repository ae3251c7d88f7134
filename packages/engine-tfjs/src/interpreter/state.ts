import type { Shape } from '@convzoo/core'
import { internalError, sizeOf } from '@convzoo/core/define'
import type { Kernels, Tensor } from './kernels.js'

interface Slot {
  readonly shape: Shape
  tensor: Tensor
}

/** State as tensors, which change all at once. What is replaced is freed. */
export class TensorState {
  readonly #slots: ReadonlyMap<string, Slot>
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
