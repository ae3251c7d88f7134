import type { EpochRecord, PlainData } from '@convzoo/core'
import { isOptionsObject } from '@convzoo/core/define'
import { isBetter, type Monitor, monitored } from './monitor.js'

/** The best epoch so far, by what is watched. */
export class Best {
  readonly monitor: Monitor
  readonly #minimumDelta: number
  #value: number | undefined
  #epoch = 0
  #since = 0

  constructor(monitor: Monitor, minimumDelta = 0) {
    this.monitor = monitor
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

  /** Counts an epoch in. Whether it is the best so far. */
  add(record: EpochRecord): boolean {
    const value = monitored(this.monitor, record)
    if (value === undefined) return false
    if (!isBetter(this.monitor, value, this.#value, this.#minimumDelta)) {
      this.#since++
      return false
    }
    this.#value = value
    this.#epoch = record.epoch
    this.#since = 0
    return true
  }

  /** As plain data. */
  get state(): PlainData {
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
