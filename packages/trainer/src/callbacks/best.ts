import type { EpochRecord, PlainData } from '@convzoo/core'
import { isOptionsObject } from '@convzoo/core/define'
import { type Better, betterOf, isBetter, type Monitor, monitored } from './monitor.js'

/** What is watched, whose it is, and what counts as better. */
export interface BestOptions {
  /** Who watches, for errors. */
  readonly subject: string
  readonly monitor: Monitor
  readonly better?: Better | undefined
  readonly minimumDelta?: number
}

/** What an epoch was beside the best before it; `unknown` where it gave nothing of what is watched. */
export type Compared = 'better' | 'worse' | 'unknown'

/** The best epoch so far, by what is watched. */
export class Best {
  readonly monitor: Monitor
  readonly better: Better
  readonly #subject: string
  readonly #minimumDelta: number
  #value: number | undefined
  #epoch = 0
  #since = 0

  constructor({ subject, monitor, better = betterOf(monitor), minimumDelta = 0 }: BestOptions) {
    this.monitor = monitor
    this.better = better
    this.#subject = subject
    this.#minimumDelta = minimumDelta
  }

  get value(): number | undefined {
    return this.#value
  }

  /** Which one it was, from 0. */
  get epoch(): number {
    return this.#epoch
  }

  /** Epochs since then, of those that gave what is watched. */
  get since(): number {
    return this.#since
  }

  /**
   * Counts an epoch in.
   *
   * @throws ConvzooError of kind `option` if epochs record nothing of what is watched.
   */
  add(record: EpochRecord): Compared {
    const value = monitored(this.#subject, this.monitor, record)
    if (value === undefined) return 'unknown'
    if (!isBetter(this.better, value, this.#value, this.#minimumDelta)) {
      this.#since++
      return 'worse'
    }
    this.#value = value
    this.#epoch = record.epoch
    this.#since = 0
    return 'better'
  }

  /** Counts the epochs since the best one from here. */
  waitAgain(): void {
    this.#since = 0
  }

  /** As plain data. */
  get state(): { readonly [name: string]: PlainData } {
    return { monitor: this.monitor, value: this.#value ?? null, epoch: this.#epoch, since: this.#since }
  }

  /** Goes on from {@link state}; begins anew where something else was watched. Whether it goes on. */
  restore(state: PlainData | undefined): boolean {
    const { monitor, value, epoch, since }: Record<string, unknown> = isOptionsObject(state) ? { ...state } : {}
    const isOfThis =
      monitor === this.monitor && typeof value === 'number' && typeof epoch === 'number' && typeof since === 'number'
    this.#value = isOfThis ? value : undefined
    this.#epoch = isOfThis ? epoch : 0
    this.#since = isOfThis ? since : 0
    return isOfThis
  }
}
