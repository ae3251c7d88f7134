/** Milliseconds that a callback, or a batch in the making, has to end by itself once it is given. */
export const patience = 2000

/** What a program may give to end work early: an `AbortSignal`, or what behaves as one. */
export type Signal = Pick<AbortSignal, 'aborted' | 'reason' | 'addEventListener' | 'removeEventListener'>

/** What ends waiting: the caller's signal, or that the trainer is disposed of. */
export class Stop {
  readonly #signals: readonly Signal[]

  constructor(...signals: readonly (Signal | undefined)[]) {
    this.#signals = signals.filter((signal) => signal !== undefined)
  }

  /** Whether one of them was given. Asked anew each time: a signal changes while something else is awaited. */
  get isGiven(): boolean {
    return this.#given !== undefined
  }

  /** Whether an error is the reason of one that was given, and so no fault. */
  isReason(error: unknown): boolean {
    return this.#signals.some((signal) => isReason(signal, error))
  }

  /** @throws The reason of whichever was given. */
  throwIfGiven(): void {
    const given = this.#given
    if (given !== undefined) throw given.reason
  }

  /**
   * Waits for something, but no longer than until it is given, and `patience` milliseconds more. What was waited for goes on by itself;
   * how it ends is nobody's concern then.
   *
   * @throws The reason of whichever was given, or whatever the work throws.
   */
  race<T>(work: PromiseLike<T> | T, patience = 0): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined
      const listeners = this.#signals.map((signal) => ({ signal, end: () => give(signal) }))
      const settle = (how: () => void): void => {
        clearTimeout(timer)
        for (const { signal, end } of listeners) signal.removeEventListener('abort', end)
        how()
      }
      const give = ({ reason }: Signal): void => {
        if (patience === 0) settle(() => reject(reason))
        else timer ??= setTimeout(() => settle(() => reject(reason)), patience)
      }
      for (const { signal, end } of listeners) signal.addEventListener('abort', end, { once: true })
      Promise.resolve(work).then(
        (value) => settle(() => resolve(value)),
        (error: unknown) => settle(() => reject(error)),
      )
      const given = this.#given
      if (given !== undefined) give(given)
    })
  }

  /** Tells the reason of the first one that is given, at once if one was given before. Gives what ends that. */
  follow(tell: (reason: unknown) => void): () => void {
    const given = this.#given
    if (given !== undefined) tell(given.reason)
    const listeners = this.#signals.map((signal) => ({ signal, listen: () => tell(signal.reason) }))
    for (const { signal, listen } of listeners) signal.addEventListener('abort', listen, { once: true })
    return () => {
      for (const { signal, listen } of listeners) signal.removeEventListener('abort', listen)
    }
  }

  get #given(): Signal | undefined {
    return this.#signals.find(({ aborted }) => aborted)
  }
}

/** Whether an error is the reason why a signal was given. */
export const isReason = (signal: Signal | undefined, error: unknown): boolean =>
  signal?.aborted === true && signal.reason === error
