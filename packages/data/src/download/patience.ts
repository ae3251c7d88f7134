/** How slow a server may be. */
export interface Patience {
  /** Milliseconds: so long until the answer begins, and between one piece of it and the next. */
  readonly silence: number
  /** Milliseconds over which the pace is measured. */
  readonly window: number
  /** Fewer bytes in a window, and it is given up: a byte a second would keep a program waiting for weeks. */
  readonly leastBytes: number
}

export const usualPatience: Patience = { silence: 30_000, window: 30_000, leastBytes: 30_000 }

/** Watches an answer, and ends it where it is too slow. */
export class Watch {
  readonly #patience: Patience
  readonly #abort: (reason: Error) => void
  readonly #started = performance.now()
  #silence: NodeJS.Timeout
  #pace: NodeJS.Timeout | undefined
  #inWindow = 0

  constructor(patience: Patience, abort: (reason: Error) => void) {
    this.#patience = patience
    this.#abort = abort
    this.#silence = this.#afterSilence('no answer')
  }

  /** The answer has begun. */
  begun(): void {
    const { window, leastBytes } = this.#patience
    this.#pace = setInterval(() => {
      if (this.#inWindow < leastBytes) this.#giveUp(`only ${this.#inWindow} bytes in ${inSeconds(window)}`)
      this.#inWindow = 0
    }, window)
  }

  /** Bytes have come. */
  came(bytes: number): void {
    this.#inWindow += bytes
    clearTimeout(this.#silence)
    this.#silence = this.#afterSilence('no byte')
  }

  end(): void {
    clearTimeout(this.#silence)
    clearInterval(this.#pace)
  }

  #afterSilence(what: string): NodeJS.Timeout {
    const { silence } = this.#patience
    return setTimeout(() => this.#giveUp(`${what} for ${inSeconds(silence)}`), silence)
  }

  #giveUp(why: string): void {
    this.end()
    this.#abort(new Error(`${why}; given up after ${inSeconds(performance.now() - this.#started)}`))
  }
}

const inSeconds = (milliseconds: number): string => `${Number((milliseconds / 1000).toFixed(1))} s`
