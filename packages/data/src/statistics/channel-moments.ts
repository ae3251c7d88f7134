/** Mean and deviation of each channel, from images that are added one after another. */
export class ChannelMoments {
  readonly #sums: Float64Array
  readonly #squares: Float64Array
  #pixels = 0

  constructor(readonly channels: number) {
    this.#sums = new Float64Array(channels)
    this.#squares = new Float64Array(channels)
  }

  /** Adds images [N, H, W, C], of which the stored value `one` means 1. */
  add(images: ArrayLike<number>, one: number): void {
    for (let at = 0; at < images.length; at += this.channels) {
      for (let channel = 0; channel < this.channels; channel++) {
        const value = (images[at + channel] ?? 0) / one
        this.#sums[channel] = (this.#sums[channel] ?? 0) + value
        this.#squares[channel] = (this.#squares[channel] ?? 0) + value * value
      }
    }
    this.#pixels += images.length / this.channels
  }

  /** Of values in [0, 1]; 0 of no images. */
  get mean(): readonly number[] {
    return Array.from(this.#sums, (sum) => (this.#pixels === 0 ? 0 : sum / this.#pixels))
  }

  /** Of values in [0, 1]; 0 of no images. */
  get standardDeviation(): readonly number[] {
    const { mean } = this
    return Array.from(this.#squares, (square, channel) =>
      this.#pixels === 0 ? 0 : Math.sqrt(Math.max(square / this.#pixels - (mean[channel] ?? 0) ** 2, 0)),
    )
  }
}
