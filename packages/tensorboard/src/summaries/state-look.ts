import type { NamedTensor, TrainingContext } from '@convzoo/core'
import { printable } from '@convzoo/core/define'
import { sentenceOf } from '../sentence.js'
import { filters, firstKernels } from './filters.js'
import { histogram } from './histogram.js'
import type { Value } from './values.js'

/** How often it is looked. */
export interface LookOptions {
  /** Epochs from one look to the next; 0 for none. */
  readonly every: number
  readonly images: boolean
  readonly gradients: boolean
  /** Gets the line that says why there are no gradients. */
  readonly warn: (line: string) => void
}

/** What is looked at of a training. */
type Looked = Pick<TrainingContext, 'model' | 'state' | 'position' | 'signal' | 'readState' | 'readGradients'>

/**
 * Looks every few epochs at the weights, at how they have changed since the last look, at the gradients by which the next step will move them, and at what
 * the optimizer keeps.
 */
export class StateLook {
  readonly #context: Looked
  readonly #every: number
  readonly #drawn: ReadonlySet<string>
  readonly #warn: (line: string) => void
  #withGradients: boolean
  /** Weights of the last look, of which the next one tells the change. */
  #before: ReadonlyMap<string, Float32Array> = new Map()

  constructor(context: Looked, { every, images, gradients, warn }: LookOptions) {
    this.#context = context
    this.#every = every
    this.#warn = warn
    this.#withGradients = gradients
    this.#drawn = new Set(images ? firstKernels(context.model) : [])
  }

  /** What training begins with. Where it goes on within what a look is about, the next one can tell no change. */
  async begin(): Promise<readonly Value[]> {
    const { epoch, sample } = this.#context.position
    return this.#every > 0 && epoch % this.#every === 0 && sample === 0 ? this.#look() : []
  }

  /** What there is to see after so many epochs; nothing between two looks. */
  async after(epochs: number): Promise<readonly Value[]> {
    return this.#every > 0 && epochs % this.#every === 0 ? this.#look() : []
  }

  async #look(): Promise<readonly Value[]> {
    const { model, state, readState } = this.#context
    const moving = new Set(model.weights.filter(({ trainable }) => trainable).map(({ name }) => name))
    const slots = state.flatMap(({ name, role }) => (role === 'slot' ? [name] : []))
    const values: Value[] = []
    const now = new Map<string, Float32Array>()
    for await (const tensor of readState([...model.weights.map(({ name }) => name), ...slots])) {
      const { name, data } = tensor
      const isWeight = !slots.includes(name)
      values.push(histogram(`${isWeight ? 'weights' : 'optimizer'}/${name}`, data))
      if (this.#drawn.has(name)) values.push(await filters(tensor))
      if (!moving.has(name)) continue
      const before = this.#before.get(name)
      if (before !== undefined) values.push(histogram(`updates/${name}`, changeOf(tensor, before)))
      now.set(name, Float32Array.from(data))
    }
    this.#before = now
    return [...values, ...(await this.#gradients())]
  }

  /** What they take, memory above all, may not be there: the rest is written without them. */
  async #gradients(): Promise<readonly Value[]> {
    if (!this.#withGradients) return []
    const values: Value[] = []
    try {
      for await (const { name, data } of this.#context.readGradients())
        values.push(histogram(`gradients/${name}`, data))
      return values
    } catch (error) {
      if (this.#context.signal.aborted) throw error
      this.#withGradients = false
      this.#warn(printable(`Gradients are not written for TensorBoard any more: ${sentenceOf(error)}`, 1000))
      return []
    }
  }
}

const changeOf = ({ data }: NamedTensor, before: Float32Array): Float32Array =>
  data.map((value, at) => value - (before[at] ?? 0))
