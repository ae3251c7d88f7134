import { initializer, ones, zeros } from '../initializers/index.js'
import { boolean, defineOptions, numberAbove, numberIn, optional } from '../options/index.js'
import { axisLength, sizeOf } from '../shape.js'
import { defineLayer } from './layer.js'

/**
 * Normalizes each channel (the last axis): (x − mean) / √(variance + epsilon) · gamma + beta. In training, with the mean and the
 * variance of the batch, which also move the statistics: moving ← momentum · moving + (1 − momentum) · batch. In inference, with the
 * moving ones. Shapes stay. Weights [C] in Keras' order: `gamma`, `beta` (unless `scale` or `center` is false), `moving_mean`,
 * `moving_variance`; the last two no gradient moves.
 *
 * A batch is normalized with its biased variance. What moves the moving variance is, as in Keras 2, the unbiased one for images (its
 * fused kernel, and PyTorch: times n / (n − 1), where n counts samples, rows and columns) and the biased one for rows. Keras 3 takes the
 * biased one for both.
 *
 * Source: Ioffe and Szegedy, ICML 2015.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 * @example
 * x = batchNormalization({ momentum: 0.9 })(x)
 */
export const batchNormalization = defineLayer({
  type: 'batchNormalization',
  keras: 'BatchNormalization',
  options: defineOptions({
    momentum: optional(numberIn(0, 1), 0.99),
    epsilon: optional(numberAbove(0), 1e-3),
    center: optional(boolean, true),
    scale: optional(boolean, true),
    betaInitializer: optional(initializer, zeros),
    gammaInitializer: optional(initializer, ones),
    movingMeanInitializer: optional(initializer, zeros),
    movingVarianceInitializer: optional(initializer, ones),
  }),
  outputShape: ([x]) => x,
  weights: ([x], o) => {
    const shape = [axisLength(x, -1)]
    return {
      ...(o.scale ? { gamma: { shape, initializer: o.gammaInitializer, trainable: true } } : {}),
      ...(o.center ? { beta: { shape, initializer: o.betaInitializer, trainable: true } } : {}),
      moving_mean: { shape, initializer: o.movingMeanInitializer, trainable: false },
      moving_variance: { shape, initializer: o.movingVarianceInitializer, trainable: false },
    }
  },
  call: ({ ops, training, assign }, [x], weights, { momentum, epsilon }) => {
    const { gamma, beta, moving_mean: movingMean, moving_variance: movingVariance } = weights
    const axes = x.shape.slice(0, -1).map((_, axis) => axis)
    const mean = training ? ops.mean(x, { axes }) : movingMean
    const centered = ops.subtract(x, mean)
    const variance = training ? ops.mean(ops.square(centered), { axes }) : movingVariance
    if (training) {
      const count = sizeOf(x.shape.slice(0, -1))
      // An image's variance goes into the moving one as an estimate from a sample, as TensorFlow's fused kernel has it.
      const correction = x.shape.length === 4 ? count / Math.max(count - 1, 1) : 1
      const moved = (statistic: typeof mean, value: typeof mean) =>
        ops.add(ops.multiply(statistic, momentum), ops.multiply(value, 1 - momentum))
      assign('moving_mean', moved(movingMean, mean))
      assign('moving_variance', moved(movingVariance, ops.multiply(variance, correction)))
    }
    const factor = ops.divide(gamma ?? 1, ops.sqrt(ops.add(variance, epsilon)))
    const normalized = ops.multiply(centered, factor)
    return beta === undefined ? normalized : ops.add(normalized, beta)
  },
})
