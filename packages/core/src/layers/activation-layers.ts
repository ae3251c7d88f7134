import { defineOptions, described, numberFrom, oneOf, optional } from '../options/index.js'
import { type ActivationName, activations, eluOf } from './activations.js'
import { defineLayer } from './layer.js'

/** A layer that is one of core's activations. */
const layerOf = (type: ActivationName, keras = 'Activation') =>
  defineLayer({
    type,
    keras,
    options: defineOptions({}),
    outputShape: ([x]) => x,
    call: ({ ops }, [x]) => activations[type](ops, x),
  })

/**
 * x where it is positive, alpha · (exp(x) − 1) elsewhere. Shapes stay. `alpha` is 1 by default.
 *
 * Source: Clevert, Unterthiner and Hochreiter, ICLR 2016.
 *
 * @throws ConvzooError of kind `option` if alpha is negative.
 * @example
 * x = elu()(x)
 */
export const elu = defineLayer({
  type: 'elu',
  keras: 'ELU',
  options: defineOptions({ alpha: optional(described('what negative numbers tend to, negated', numberFrom(0)), 1) }),
  outputShape: ([x]) => x,
  call: ({ ops }, [x], _weights, { alpha }) => eluOf(ops, x, alpha),
})

/**
 * x · Φ(x), where Φ is the standard normal distribution: exactly, by the error function, as PyTorch and Keras do by default; with
 * `approximate: 'tanh'` as x / 2 · (1 + tanh(√(2 / π) · (x + 0.044715 · x³))). Shapes stay.
 *
 * Source: Hendrycks and Gimpel, 2016.
 *
 * @example
 * x = gelu({ approximate: 'tanh' })(x)
 */
export const gelu = defineLayer({
  type: 'gelu',
  keras: 'Activation',
  options: defineOptions({
    approximate: optional(described('whether the error function is approximated', oneOf('none', 'tanh')), 'none'),
  }),
  outputShape: ([x]) => x,
  call: ({ ops }, [x], _weights, { approximate }) =>
    (approximate === 'tanh' ? activations.geluTanh : activations.gelu)(ops, x),
})

/**
 * relu6(x + 3) / 6, as PyTorch's Hardsigmoid and Keras 3's `hard_sigmoid`; that of Keras 2 is another. Shapes stay.
 *
 * @example
 * x = hardSigmoid()(x)
 */
export const hardSigmoid = layerOf('hardSigmoid')

/**
 * x · relu6(x + 3) / 6, as PyTorch's Hardswish and Keras 3's `hard_silu`. Shapes stay.
 *
 * Source: Howard et al., Searching for MobileNetV3, ICCV 2019.
 *
 * @example
 * x = hardSwish()(x)
 */
export const hardSwish = layerOf('hardSwish')

/**
 * x · tanh(softplus(x)). Shapes stay.
 *
 * Source: Misra, BMVC 2020.
 *
 * @example
 * x = mish()(x)
 */
export const mish = layerOf('mish')

/**
 * max(x, 0). Shapes stay.
 *
 * @example
 * x = relu()(x)
 */
export const relu = layerOf('relu', 'ReLU')

/**
 * min(max(x, 0), 6): Keras' `ReLU(6)`. Shapes stay.
 *
 * Source: Howard et al., MobileNets, 2017.
 *
 * @example
 * x = relu6()(x)
 */
export const relu6 = layerOf('relu6', 'ReLU')

/**
 * 1.0507 · elu(x) with an alpha of 1.6733, which keeps mean and variance. Shapes stay.
 *
 * Source: Klambauer et al., NeurIPS 2017.
 *
 * @example
 * x = selu()(x)
 */
export const selu = layerOf('selu')

/**
 * 1 / (1 + exp(−x)). Shapes stay.
 *
 * @example
 * x = sigmoid()(x)
 */
export const sigmoid = layerOf('sigmoid')

/**
 * x · sigmoid(x), also called swish. Shapes stay.
 *
 * Source: Elfwing, Uchibe and Doya, Neural Networks 107, 2018.
 *
 * @example
 * x = silu()(x)
 */
export const silu = layerOf('silu')

/**
 * exp(x) / Σ exp(x) over the last axis. Shapes stay.
 *
 * @example
 * const output = softmax()(x)
 */
export const softmax = layerOf('softmax', 'Softmax')

/**
 * log(1 + exp(x)). Shapes stay.
 *
 * @example
 * x = softplus()(x)
 */
export const softplus = layerOf('softplus')

/**
 * The hyperbolic tangent. Shapes stay.
 *
 * @example
 * x = tanh()(x)
 */
export const tanh = layerOf('tanh')
