import { boolean, described, optional } from '@convzoo/core/define'
import { balancedAccuracyOf, type ClassScore, classScores, meanOverClasses } from './class-scores.js'
import { ConfusionMatrix } from './confusion.js'
import { defineMetric } from './define-metric.js'
import type { MetricTally, MetricValue } from './metric.js'

/** What follows from how often each class was taken for each. */
function fromConfusion(classes: number, measure: (rows: readonly (readonly number[])[]) => MetricValue): MetricTally {
  const confusion = new ConfusionMatrix(classes)
  return { add: (batch) => confusion.count(batch), result: () => measure(confusion.rows) }
}

/** One of the scores of a class, as its mean or as a list. */
function scoreOfClasses(measure: Exclude<keyof ClassScore, 'samples'>, title: string) {
  return defineMetric({
    specification: 'metric/v1',
    name: measure,
    title: `${title}, the mean over the classes`,
    options: {
      byClass: described('a value for each class in place of their mean', optional(boolean, false)),
    },
    create: ({ byClass }) => ({
      name: byClass ? `${measure}ByClass` : measure,
      begin: (classes) =>
        fromConfusion(classes, (rows) =>
          byClass ? classScores(rows).map((score) => score[measure]) : meanOverClasses(rows, measure),
        ),
    }),
  })
}

/**
 * Of the samples that were taken for a class, the part that is of it: the mean over the classes that occur, in truth or in predictions; or
 * with `byClass: true` one number a class. A fraction of nothing is 0.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 */
export const precision = scoreOfClasses('precision', 'of what was taken for a class, the part that is of it')

/**
 * Of the samples of a class, the part that was taken for it: the mean, or one number a class, as of {@link precision}.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 */
export const recall = scoreOfClasses('recall', 'of what is of a class, the part that was taken for it')

/**
 * The harmonic mean of precision and recall of a class: the mean, or one number a class, as of {@link precision}.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 */
export const f1 = scoreOfClasses('f1', 'the harmonic mean of precision and recall')

/**
 * The mean recall over the classes that there are samples of: accuracy in which each class counts alike, however many samples it has.
 *
 * Source: Brodersen et al., "The balanced accuracy and its posterior distribution", 2010.
 */
export const balancedAccuracy = defineMetric({
  specification: 'metric/v1',
  name: 'balancedAccuracy',
  title: 'accuracy in which each class counts alike: the mean of their recalls',
  source: 'Brodersen et al., "The balanced accuracy and its posterior distribution", 2010',
  options: {},
  create: () => ({ begin: (classes) => fromConfusion(classes, balancedAccuracyOf) }),
})
