const levels = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const

/**
 * Values in a row of blocks, from the lowest to the highest of them: all that there were, however many, in at most `width` columns. Each
 * stands by itself as long as there is room, then neighbours are joined to their mean.
 */
export class Sparkline {
  readonly #width: number
  #columns: number[] = []
  /** Values of one column. */
  #length = 1
  #open: number[] = []

  constructor(width: number) {
    this.#width = width
  }

  /** What is not finite has no place between others, and is left out. */
  add(value: number): void {
    if (!Number.isFinite(value)) return
    this.#open.push(value)
    if (this.#open.length < this.#length) return
    this.#columns.push(mean(this.#open))
    this.#open = []
    if (this.#columns.length <= this.#width) return
    // The last one has no neighbour yet where their number is odd.
    const pairs = Math.floor(this.#columns.length / 2)
    const last = this.#columns.slice(2 * pairs)
    this.#open = last.flatMap((value) => Array.from({ length: this.#length }, () => value))
    this.#columns = Array.from({ length: pairs }, (_, pair) => mean(this.#columns.slice(2 * pair, 2 * pair + 2)))
    this.#length *= 2
  }

  /** `▇▅▃▂▁`; of less than two values nothing. */
  get text(): string {
    const columns = this.#columns
    if (columns.length < 2) return ''
    const [lowest, highest] = [Math.min(...columns), Math.max(...columns)]
    const scale = highest === lowest ? 0 : (levels.length - 1) / (highest - lowest)
    return columns.map((value) => levels[Math.round((value - lowest) * scale)] ?? '').join('')
  }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
