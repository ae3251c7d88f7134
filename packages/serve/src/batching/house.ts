import { closing, tooMuch } from '../http/faults.js'

/** What may be held at once. */
interface HouseOptions {
  /** Pictures. */
  readonly pictures: number
  /** Bytes of requests. */
  readonly bytes: number
}

/** A guest: a request, with what it has brought so far. */
export interface Guest extends Disposable {
  /** Given when the house closes and has waited for the request long enough. */
  readonly signal: AbortSignal
  /** @throws HttpFault 503 if there is no room for so many pictures more. */
  bring(pictures: number): void
  /** @throws HttpFault 503 if there is no room for so many bytes more. */
  carry(bytes: number): void
}

/** Bounds what is held of all requests together: what does not fit is told to come back, and nothing waits without end. */
export class House {
  readonly #options: HouseOptions
  readonly #leave = new AbortController()
  #pictures = 0
  #bytes = 0
  #isClosing = false

  constructor(options: HouseOptions) {
    this.#options = options
  }

  /** Pictures that are in the house; a request whose pictures are not known yet counts as one. */
  get pictures(): number {
    return this.#pictures
  }

  /** @throws HttpFault 503 if there is no room, or the house closes. */
  enter(): Guest {
    if (this.#isClosing) throw closing()
    let [pictures, bytes] = [0, 0]
    const bring = (more: number): void => {
      if (this.#pictures + more > this.#options.pictures) throw tooMuch(`${this.#options.pictures} pictures`)
      this.#pictures += more
      pictures += more
    }
    bring(1)
    return {
      signal: this.#leave.signal,
      bring,
      carry: (more) => {
        if (this.#bytes + more > this.#options.bytes) throw tooMuch(`${this.#options.bytes} bytes`)
        this.#bytes += more
        bytes += more
      },
      [Symbol.dispose]: () => {
        this.#pictures -= pictures
        this.#bytes -= bytes
        pictures = 0
        bytes = 0
      },
    }
  }

  /** Nobody enters any more. */
  close(): void {
    this.#isClosing = true
  }

  /** What has not come whole is not waited for any more. */
  hurry(): void {
    this.#leave.abort()
  }
}
