import { described, integer, optional } from '@convzoo/core/define'
import { defineMetric } from './define-metric.js'
import { rankOf } from './rank.js'

/**
 * The part of samples whose class is among the `k` most probable ones; of equally probable ones the lowest index comes first. It is
 * recorded as `top3` for a `k` of 3.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 * @example
 * const { metrics } = await trainer.evaluate(test, { batchSize: 100, metrics: [topK({ k: 3 })] })
 */
export const topK = defineMetric({
  specification: 'metric/v1',
  name: 'topK',
  title: 'the part of images whose class is among the k most probable',
  options: { k: described('so many classes', optional(integer(1), 5)) },
  create: ({ k }) => ({
    name: `top${k}`,
    begin(classes) {
      let right = 0
      let seen = 0
      return {
        add({ samples, probabilities, truths }) {
          for (let row = 0; row < samples; row++) {
            if (rankOf(probabilities, row * classes, classes, truths[row] ?? 0) < k) right++
          }
          seen += samples
        },
        result: () => right / seen,
      }
    },
  }),
})
