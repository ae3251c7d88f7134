import { described, integer, optional } from '@convzoo/core/define'
import { defineMetric } from './define-metric.js'

/**
 * The expected calibration error: samples are parted into bins of equal width by the probability of the class that they were taken for,
 * `((m - 1) / bins, m / bins]`; it is the mean over the samples of |accuracy − mean probability| of their bins. Of a network that is
 * right as often as it says it is 0.
 *
 * Source: Guo et al., "On calibration of modern neural networks", 2017, equation 3.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 */
export const calibrationError = defineMetric({
  specification: 'metric/v1',
  name: 'calibrationError',
  title: 'the expected calibration error: how far accuracy is from the probabilities that are said',
  source: 'Guo et al., "On calibration of modern neural networks", 2017',
  options: { bins: described('of equal width, into which probabilities are parted', optional(integer(1), 15)) },
  create: ({ bins }) => ({
    begin(classes) {
      const right = new Float64Array(bins)
      const confidence = new Float64Array(bins)
      let seen = 0
      return {
        add({ samples, probabilities, truths, predictions }) {
          for (let row = 0; row < samples; row++) {
            const predicted = predictions[row] ?? 0
            const probability = probabilities[row * classes + predicted] ?? Number.NaN
            const bin = Math.min(Math.max(Math.ceil(probability * bins) - 1, 0), bins - 1)
            confidence[bin] = (confidence[bin] ?? 0) + probability
            if (predicted === truths[row]) right[bin] = (right[bin] ?? 0) + 1
          }
          seen += samples
        },
        // The counts of the bins cancel: their weight is samples / seen.
        result: () => right.reduce((sum, count, bin) => sum + Math.abs(count - (confidence[bin] ?? 0)), 0) / seen,
      }
    },
  }),
})
