import type { Loss } from './loss.js'

export interface CategoricalCrossentropyOptions {
  /** ε: targets become t·(1 − ε) + ε / classes. */
  readonly labelSmoothing?: number
}

const epsilon = 1e-7

/**
 * −Σ t·ln p for each sample. Where the network ends in a softmax, p is never formed: the loss is −Σ t·logSoftmax(logits), which is
 * exact for any logits, as Keras does inside `fit`. Otherwise p is the output divided by its sum and kept within [10⁻⁷, 1 − 10⁻⁷].
 *
 * @example
 * const loss = categoricalCrossentropy()
 */
export function categoricalCrossentropy({ labelSmoothing = 0 }: CategoricalCrossentropyOptions = {}): Loss {
  return {
    name: 'categoricalCrossentropy',
    losses({ ops, output, logits, targets }) {
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
  }
}
