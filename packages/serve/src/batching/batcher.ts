interface Waiting {
  readonly image: Float32Array
  readonly resolve: (outputs: Float32Array) => void
  readonly reject: (error: unknown) => void
}

interface BatcherOptions {
  /** What the network makes of images [N, …]: [N, outputs]. */
  readonly run: (images: Float32Array) => Promise<Float32Array>
  /** Images at once, at most. */
  readonly most: number
  /** Milliseconds that an image waits for others that are on their way. */
  readonly patience: number
}

/**
 * Images of many requests, seen by a network together: while it computes, those that come are collected, and the next batch is all of them.
 * One that comes alone does not wait.
 */
export class Batcher {
  readonly #options: BatcherOptions
  readonly #waiting: Waiting[] = []
  #expected = 0
  #isBusy = false
  #timer: NodeJS.Timeout | undefined

  constructor(options: BatcherOptions) {
    this.#options = options
  }

  /**
   * What the network makes of an image that is being made ready; others wait a little for it.
   *
   * @param making What gives the image, or undefined where there is none after all.
   */
  async see(making: Promise<Float32Array | undefined>): Promise<Float32Array | undefined> {
    this.#expected++
    const image = await making.finally(() => {
      this.#expected--
      // Nobody waits for what has failed.
      queueMicrotask(() => this.#next())
    })
    if (image === undefined) return undefined
    return new Promise((resolve, reject) => {
      this.#waiting.push({ image, resolve, reject })
      this.#next()
    })
  }

  #next(): void {
    const { most, patience } = this.#options
    if (this.#isBusy || this.#waiting.length === 0) return
    if (this.#waiting.length >= most || this.#expected === 0) {
      void this.#run()
      return
    }
    this.#timer ??= setTimeout(() => void this.#run(), patience)
  }

  async #run(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const { run, most } = this.#options
    const batch = this.#waiting.splice(0, most)
    const [first] = batch
    if (first === undefined) return
    this.#isBusy = true
    try {
      const size = first.image.length
      const images = new Float32Array(batch.length * size)
      for (const [place, { image }] of batch.entries()) images.set(image, place * size)
      const outputs = await run(images)
      const each = outputs.length / batch.length
      for (const [place, { resolve }] of batch.entries()) resolve(outputs.slice(place * each, (place + 1) * each))
    } catch (error) {
      for (const { reject } of batch) reject(error)
    } finally {
      this.#isBusy = false
      this.#next()
    }
  }
}
