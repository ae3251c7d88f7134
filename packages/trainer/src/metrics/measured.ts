import { ConvzooError, type Score } from '@convzoo/core'
import { describeValue, unusableOption } from '@convzoo/core/define'
import { ConfusionMatrix } from './confusion.js'
import type { Metric, MetricBatch, MetricTally, MetricValue } from './metric.js'
import { argmax } from './rank.js'
import { RunningScore, type Scored } from './running-score.js'

/** Everything that is measured of a dataset: its score, the metrics that were asked for, and which classes were taken for which. */
export class Measured {
  readonly #classes: number
  readonly #running = new RunningScore()
  readonly #confusion: ConfusionMatrix
  readonly #tallies: readonly { readonly name: string; readonly tally: MetricTally }[]

  constructor(classes: number, metrics: readonly Metric[]) {
    this.#classes = classes
    this.#confusion = new ConfusionMatrix(classes)
    this.#tallies = metrics.map((metric) => ({ name: metric.name, tally: requireTally(metric, metric.begin(classes)) }))
  }

  /** Counts a batch in. */
  add(scored: Scored): void {
    const batch = batchOf(scored, this.#classes)
    this.#running.add(scored)
    this.#confusion.count(batch)
    if (batch.samples === 0) return
    for (const { tally } of this.#tallies) tally.add(batch)
  }

  /** Counts: rows are true classes, columns predicted ones. */
  get confusion(): number[][] {
    return this.#confusion.rows
  }

  /**
   * Undefined before the first sample: there is no score over nothing.
   *
   * @throws ConvzooError of kind `specification` that names a metric whose value is none.
   */
  get score(): Score | undefined {
    const { score } = this.#running
    if (score === undefined || this.#tallies.length === 0) return score
    const entries = this.#tallies.map(({ name, tally }) => [name, requireValue(name, tally.result(), this.#classes)])
    return { ...score, metrics: Object.fromEntries(entries) }
  }
}

function batchOf(scored: Scored, classes: number): MetricBatch {
  const samples = scored.losses.length
  const largest = (values: ArrayLike<number>): Uint32Array =>
    Uint32Array.from({ length: samples }, (_, row) => argmax(values, row * classes, classes))
  return { ...scored, samples, classes, truths: largest(scored.targets), predictions: largest(scored.probabilities) }
}

/**
 * Refuses metrics of which two would be recorded under one name.
 *
 * @throws ConvzooError of kind `option`.
 */
export function requireOwnNames(subject: string, metrics: readonly Metric[]): void {
  const names = metrics.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice === undefined) return
  throw unusableOption(subject, {
    expected: 'metrics of which each has a name of its own',
    received: `${twice} twice`,
    hint: 'leave one of them out',
  })
}

function requireTally({ name }: Metric, given: unknown): MetricTally {
  const isTally = (value: unknown): value is MetricTally =>
    ['add', 'result'].every((part) => typeof Reflect.get(Object(value), part) === 'function')
  if (isTally(given)) return given
  throw unfit(name, 'begin', 'an object with the functions add and result', given)
}

function requireValue(name: string, value: unknown, classes: number): MetricValue {
  const isNumber = (each: unknown): each is number => typeof each === 'number' && Number.isFinite(each)
  if (isNumber(value)) return value
  if (Array.isArray(value) && value.length === classes && value.every(isNumber)) return [...value]
  throw unfit(name, 'result', 'a finite number, or a list of one for each class', value)
}

const unfit = (name: string, part: string, expected: string, received: unknown): ConvzooError =>
  new ConvzooError({
    kind: 'specification',
    message: `What "${part}" of the metric "${name}" gives cannot be used.`,
    expected,
    received: describeValue(received),
    hint: 'leave the metric out, or tell its author',
  })
