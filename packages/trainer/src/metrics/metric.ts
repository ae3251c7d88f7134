/** The contract that this file is. */
export const metricSpecification = 'metric/v1'

/** What a network gave for a batch, what was wanted, and which classes that means. */
export interface MetricBatch {
  readonly samples: number
  readonly classes: number
  /** [N]. */
  readonly losses: ArrayLike<number>
  /** [N, classes]. */
  readonly probabilities: ArrayLike<number>
  /** [N, classes]. */
  readonly targets: ArrayLike<number>
  /** [N]: the class of each sample; that of a soft target is its largest, among equals the one of the lowest index. */
  readonly truths: ArrayLike<number>
  /** [N]: the class that each sample was taken for, by the same rule. */
  readonly predictions: ArrayLike<number>
}

/** A number, or a list of one number a class, all finite. */
export type MetricValue = number | readonly number[]

/** What a metric counts over the samples of one evaluation. */
export interface MetricTally {
  /** Counts a batch in. Its arrays may be filled anew afterwards. */
  add(batch: MetricBatch): void
  /** The value over all samples, of which there is at least one. */
  result(): MetricValue
}

/** Measures how well a network does on a set of samples. */
export interface Metric {
  /** Under which its value is recorded. */
  readonly name: string
  /** Begins to count over samples of so many classes. */
  begin(classes: number): MetricTally
}
