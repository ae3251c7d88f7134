import type { Line } from '@convzoo/files'
import { parseRecord, type RunRecord } from './records.js'

/** Who follows the metrics of a run. */
export interface MetricsFollower {
  readonly take: (record: RunRecord) => void
  /** All records come again. */
  readonly anew: () => void
}

/** How far a file of metrics was followed. It is known again by its last line: one that was rewound meanwhile has another there. */
export class Following {
  readonly #follower: MetricsFollower
  #last: { readonly start: number; readonly text: string } | undefined
  #end = 0

  constructor(follower: MetricsFollower) {
    this.#follower = follower
  }

  /** Bytes before the last line that was seen. */
  get start(): number {
    return this.#last?.start ?? 0
  }

  /** Bytes that were seen. */
  get end(): number {
    return this.#end
  }

  /** Whether the lines from the last one on begin with it. */
  async isSame(lines: AsyncIterable<Line>): Promise<boolean> {
    if (this.#last === undefined) return true
    for await (const { text, end } of lines) return text === this.#last.text && end === this.#end
    return false
  }

  restart(): void {
    this.#last = undefined
    this.#end = 0
    this.#follower.anew()
  }

  see({ text, end, isEnded }: Line): void {
    if (!isEnded || end <= this.#end) return
    this.#last = { start: this.#end, text }
    this.#end = end
    const record = parseRecord(text)
    if (typeof record === 'object') this.#follower.take(record)
  }
}
