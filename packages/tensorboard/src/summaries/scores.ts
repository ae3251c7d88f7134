import type { EpochRecord, Score, StepRecord } from '@convzoo/core'
import { printable } from '@convzoo/core/define'
import { scalar, type Value } from './values.js'

/** What of a record says where it stands, and is no measure. */
const places: ReadonlySet<string> = new Set(['type', 'step', 'epoch', 'samples'])

/** Values of one measure that each have a curve, such as one a class. */
const mostCurves = 100

/** All that a step measured, by the names that `metrics.jsonl` has: `step/loss`, `step/learningRate`. */
export const scalarsOfStep = (record: StepRecord): readonly Value[] => numbersIn(record, (name) => `step/${name}`)

/** What an epoch measured: `loss/training`, `top1/validation`. */
export function scalarsOfEpoch(
  { training, validation, validationOf, seconds }: EpochRecord,
  classes: readonly string[] | undefined,
): readonly Value[] {
  return [
    ...scalarsOfScore('training', training, classes),
    ...(validation === undefined ? [] : scalarsOfScore('validation', validation, classes)),
    ...(validationOf === undefined
      ? []
      : [
          ...scalarsOfScore('validation of current weights', validationOf.current, classes),
          ...scalarsOfScore('validation of averages', validationOf.average, classes),
        ]),
    scalar('epoch/seconds', seconds),
  ]
}

/** A score of a split, each measure by its name: `loss/test`, `f1/test`. */
export function scalarsOfScore(
  split: string,
  { metrics = {}, ...score }: Score,
  classes: readonly string[] | undefined,
): readonly Value[] {
  const more = Object.entries(metrics).flatMap(([name, value]) =>
    typeof value === 'number'
      ? [scalar(`${name}/${split}`, value)]
      : value
          .slice(0, mostCurves)
          .map((each, index) => scalar(`${name}/${split}/${printable(classes?.[index] ?? String(index))}`, each)),
  )
  return [...numbersIn(score, (name) => `${name}/${split}`), ...more]
}

function numbersIn(record: object, tagOf: (name: string) => string): readonly Value[] {
  return Object.entries(record).flatMap(([name, value]) =>
    places.has(name) || typeof value !== 'number' ? [] : [scalar(tagOf(name), value)],
  )
}
