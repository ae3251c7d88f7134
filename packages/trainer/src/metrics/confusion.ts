import type { MetricBatch } from './metric.js'

/** How often each class was taken for each: rows are true classes, columns predicted ones. */
export class ConfusionMatrix {
  readonly #classes: number
  readonly #counts: Uint32Array

  constructor(classes: number) {
    this.#classes = classes
    this.#counts = new Uint32Array(classes * classes)
  }

  /** Counts a batch in. */
  count({ samples, truths, predictions }: Pick<MetricBatch, 'samples' | 'truths' | 'predictions'>): void {
    for (let sample = 0; sample < samples; sample++) {
      const cell = (truths[sample] ?? 0) * this.#classes + (predictions[sample] ?? 0)
      this.#counts[cell] = (this.#counts[cell] ?? 0) + 1
    }
  }

  /** One list a true class. */
  get rows(): number[][] {
    const classes = this.#classes
    return Array.from({ length: classes }, (_, row) => [...this.#counts.subarray(row * classes, (row + 1) * classes)])
  }
}
