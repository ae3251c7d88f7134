import type { EpochRecord, StepRecord } from '@convzoo/core'
import type { Line } from '@convzoo/files'
import type { Position } from '../stand.js'
import { parseRecord } from './records.js'

/** Lines that are named; the others are counted. */
const mostNamed = 5

/** Goes through the lines of a run's metrics and finds those that belong before a position. */
export class Rewinding {
  readonly #position: Position
  readonly #damaged: number[] = []
  readonly #disordered: number[] = []
  /** Of the steps and epochs that stay: the last of each. */
  #step = -1
  #epoch = -1
  #ended = -1
  /** The number of the last line that stays; nothing behind it does. */
  lastKept = 0
  /** Bytes up to its end. */
  lastKeptEnd = 0
  /** Whether it has an end. */
  isEnded = true

  constructor(position: Position) {
    this.#position = position
  }

  /** What is wrong with the lines so far, in words; a last line that was cut off is nothing unusual. */
  get faults(): readonly string[] {
    const said = (lines: readonly number[], what: string): readonly string[] => {
      const more = lines.length > mostNamed ? ` and ${lines.length - mostNamed} more` : ''
      const named = lines.slice(0, mostNamed).join(', ')
      return lines.length === 0 ? [] : [`${lines.length === 1 ? 'line' : 'lines'} ${named}${more} ${what}`]
    }
    return [
      ...said(this.#damaged, this.#damaged.length === 1 ? 'is no record' : 'are no records'),
      ...said(this.#disordered, 'cannot come after what stands before'),
    ]
  }

  /**
   * Takes the next line in, and says whether it may stay. One that says no place, such as of images that could not be used, stays only
   * where a later line does.
   */
  see({ text, number, end, isEnded }: Line): boolean {
    const record = parseRecord(text)
    if (record === undefined) {
      if (isEnded && text.trim() !== '') this.#damaged.push(number)
      return false
    }
    if (record === 'foreign' || (record.type !== 'step' && record.type !== 'epoch')) return true
    if (!this.#isBefore(record)) return false
    if (!this.#isNext(record)) {
      this.#disordered.push(number)
      return false
    }
    if (record.type === 'step') this.#step = record.step
    else this.#ended = record.epoch
    this.#epoch = record.epoch
    this.lastKept = number
    this.lastKeptEnd = end
    this.isEnded = isEnded
    return true
  }

  /** Whether it was written before training stood there. */
  #isBefore(record: StepRecord | EpochRecord): boolean {
    const { step, epoch } = this.#position
    return record.type === 'step' ? record.step < step : record.epoch < epoch
  }

  /** Steps and epochs only ever go up, and no step comes behind the end of its epoch. */
  #isNext(record: StepRecord | EpochRecord): boolean {
    if (record.epoch < this.#epoch || record.epoch <= this.#ended || record.epoch > this.#position.epoch) return false
    return record.type === 'epoch' || record.step > this.#step
  }
}
