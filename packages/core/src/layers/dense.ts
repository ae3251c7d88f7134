import { constraint } from '../constraints/index.js'
import { ConvzooError } from '../errors/index.js'
import { glorotUniform, initializer, zeros } from '../initializers/index.js'
import { boolean, defineOptions, integer, optional } from '../options/index.js'
import { axisLength, formatShape, type Shape } from '../shape.js'
import { activate, activationAfterSum } from './activation-option.js'
import { defineLayer } from './layer.js'

function featuresOf(layer: string, shape: Shape): number {
  const [features] = shape
  if (features === undefined || shape.length !== 1) {
    throw new ConvzooError({
      kind: 'shape',
      message: `The layer ${layer} takes one row of features a sample.`,
      expected: 'a shape (features,)',
      received: formatShape(shape),
      hint: 'put flatten() or a global pooling before it',
    })
  }
  return features
}

/**
 * Fully connected: (features) → (units), y = x·kernel + bias. Kernel [features, units], bias [units]. Defaults are Keras'.
 *
 * @throws ConvzooError of kind `option` for a bad option, of kind `shape` if the input is not one row of features.
 * @example
 * x = dense({ units: 10, activation: 'softmax' })(x)
 */
export const dense = defineLayer({
  type: 'dense',
  keras: 'Dense',
  options: defineOptions({
    units: integer(1),
    activation: activationAfterSum,
    useBias: optional(boolean, true),
    kernelInitializer: optional(initializer, glorotUniform),
    biasInitializer: optional(initializer, zeros),
    kernelConstraint: optional(constraint),
  }),
  outputShape: ([x], { units }, name) => {
    featuresOf(name, x)
    return [units]
  },
  weights: ([x], o, name) => ({
    kernel: {
      shape: [featuresOf(name, x), o.units],
      initializer: o.kernelInitializer,
      trainable: true,
      constraint: o.kernelConstraint,
    },
    ...(o.useBias ? { bias: { shape: [o.units], initializer: o.biasInitializer, trainable: true } } : {}),
  }),
  multiplyAdds: ([x], { units }) => axisLength(x, 0) * units,
  call: ({ ops }, [x], { kernel, bias }, o) => {
    const sum = ops.matMul(x, kernel)
    return activate(ops, bias === undefined ? sum : ops.add(sum, bias), o.activation)
  },
})
