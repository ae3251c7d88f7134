import { described, numberIn, type OptionsOf, optional } from '../options/index.js'
import { defineLoss } from './define-loss.js'

const epsilon = 1e-7

/**
 * −Σ t·ln p for each sample. Where the network ends in a softmax, p is never formed: the loss is −Σ t·logSoftmax(logits), which is
 * exact for any logits, as Keras does inside `fit`. Otherwise p is the output divided by its sum and kept within [10⁻⁷, 1 − 10⁻⁷].
 *
 * @throws ConvzooError of kind `option` for a bad option.
 * @example
 * const loss = categoricalCrossentropy()
 */
export const categoricalCrossentropy = defineLoss({
  specification: 'loss/v1',
  name: 'categoricalCrossentropy',
  title: 'categorical cross-entropy',
  options: {
    /** ε in [0, 1): targets become t·(1 − ε) + ε / classes; 0 by default. */
    labelSmoothing: described('fraction of each target that is spread over all classes', optional(numberIn(0, 1), 0)),
  },
  losses: ({ ops, output, logits, targets }, { labelSmoothing }) => {
    const classes = targets.shape[1] ?? 1
    const smoothed =
      labelSmoothing === 0 ? targets : ops.add(ops.multiply(targets, 1 - labelSmoothing), labelSmoothing / classes)
    if (logits !== undefined) {
      return ops.negate(ops.sum(ops.multiply(smoothed, ops.logSoftmax(logits)), { axes: [1] }))
    }
    const probabilities = ops.divide(output, ops.sum(output, { axes: [1], keepDimensions: true }))
    const clipped = ops.minimum(ops.maximum(probabilities, epsilon), 1 - epsilon)
    return ops.negate(ops.sum(ops.multiply(smoothed, ops.log(clipped)), { axes: [1] }))
  },
})

export type CategoricalCrossentropyOptions = OptionsOf<typeof categoricalCrossentropy>
