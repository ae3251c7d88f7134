/** The longest that a timer waits, in milliseconds. */
const longestWait = 2 ** 31 - 1

/** Stops a run when its time is up, as its caller's signal does. */
export class TimeLimit implements Disposable {
  readonly #minutes: number | undefined
  readonly #controller = new AbortController()
  /** Given by the caller, or when the time is up. */
  readonly signal: AbortSignal
  #timer: NodeJS.Timeout | undefined

  /**
   * @param minutes None by default.
   * @param began When its time began, by `performance.now()`. What is over by now is over at once.
   */
  constructor(minutes: number | undefined, began: number, signal: AbortSignal | undefined) {
    this.#minutes = minutes
    const { signal: own } = this.#controller
    this.signal = signal === undefined ? own : AbortSignal.any([signal, own])
    if (minutes !== undefined) this.#wait(began + 60_000 * minutes)
  }

  /** Why it ended the run, in words; undefined unless it did. */
  get reason(): string | undefined {
    const { aborted, reason } = this.#controller.signal
    if (!aborted || this.signal.reason !== reason) return undefined
    return `its time limit of ${this.#minutes} ${this.#minutes === 1 ? 'minute' : 'minutes'} was over`
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
  }

  #wait(until: number): void {
    const left = until - performance.now()
    if (left <= 0) {
      this.#controller.abort(new Error('The time limit is over.'))
      return
    }
    this.#timer = setTimeout(() => this.#wait(until), Math.min(left, longestWait)).unref()
  }
}
