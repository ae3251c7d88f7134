import { ConvzooError, type ModelLayer } from '@convzoo/core'
import { printable } from '@convzoo/core/define'

/** A layer as a LayersModel names it: its class, and what this is told. */
export interface KerasLayer {
  readonly className: string
  readonly config: Readonly<Record<string, unknown>>
}

type Options = Readonly<Record<string, unknown>>
type Conversion = (options: Options, layer: ModelLayer) => KerasLayer

const dataFormat = { data_format: 'channels_last' }

/** Activations of core by the names that a LayersModel has for them, those of `@convzoo/engine-tfjs/layers` among them. */
const activationNames: Readonly<Record<string, string>> = {
  elu: 'elu',
  gelu: 'gelu',
  geluTanh: 'ConvzooGeluTanh',
  hardSigmoid: 'ConvzooHardSigmoid',
  hardSwish: 'ConvzooHardSwish',
  linear: 'linear',
  mish: 'mish',
  relu: 'relu',
  relu6: 'relu6',
  selu: 'selu',
  sigmoid: 'sigmoid',
  silu: 'swish',
  softmax: 'softmax',
  softplus: 'softplus',
  swish: 'swish',
  tanh: 'tanh',
}

function activationOf(activation: unknown, { name }: ModelLayer): string {
  const known = typeof activation === 'string' && Object.hasOwn(activationNames, activation)
  const found = known ? activationNames[activation] : undefined
  if (found !== undefined) return found
  throw new ConvzooError({
    kind: 'option',
    message: `The activation of layer ${printable(name)} has no name in a LayersModel.`,
    expected: `one of ${Object.keys(activationNames).join(', ')}`,
    received: typeof activation === 'string' ? printable(activation, 60) : 'a function of its own',
    hint: 'export the network as ONNX, which holds what the function computes',
  })
}

const isOnes = (given: unknown): boolean => Array.isArray(given) && given.every((each) => each === 1)

/** What all layers that convolve are told. */
function convolution({ kernelSize, strides, padding, dilations, activation, useBias }: Options, layer: ModelLayer) {
  if (!isOnes(strides) && !isOnes(dilations)) {
    throw new ConvzooError({
      kind: 'option',
      message: `The layer ${printable(layer.name)} has strides and dilations, which TensorFlow.js does not take together.`,
      expected: 'strides or dilations of 1',
      received: `strides ${String(strides)}, dilations ${String(dilations)}`,
      hint: 'export the network as ONNX',
    })
  }
  return {
    kernel_size: kernelSize,
    strides,
    padding,
    ...dataFormat,
    dilation_rate: dilations,
    activation: activationOf(activation, layer),
    use_bias: useBias,
  }
}

const pooling =
  (className: string): Conversion =>
  ({ poolSize, strides = poolSize, padding }) => ({
    className,
    config: { pool_size: poolSize, strides, padding, ...dataFormat },
  })

const globalPooling =
  (className: string, pool: 'average' | 'max'): Conversion =>
  ({ keepDimensions }) =>
    keepDimensions === true
      ? { className: 'ConvzooGlobalPooling2D', config: { pool } }
      : { className, config: dataFormat }

const activation =
  (name: (options: Options) => unknown): Conversion =>
  (options, layer) => ({ className: 'Activation', config: { activation: activationOf(name(options), layer) } })

const plain =
  (className: string, config: Options = {}): Conversion =>
  () => ({ className, config })

/** Core's layers by their types. */
const conversions: Readonly<Record<string, Conversion>> = {
  activation: activation((o) => o.function),
  add: plain('Add'),
  averagePool2d: pooling('AveragePooling2D'),
  batchNormalization: ({ momentum, epsilon, center, scale }) => ({
    className: 'BatchNormalization',
    config: { axis: -1, momentum, epsilon, center, scale },
  }),
  channelShuffle: ({ groups }) => ({ className: 'ConvzooChannelShuffle', config: { groups } }),
  concatenate: ({ axis }) => ({ className: 'Concatenate', config: { axis } }),
  conv2d: ({ filters, groups, ...options }, layer) => {
    const config = { filters, ...convolution(options, layer) }
    return groups === 1
      ? { className: 'Conv2D', config }
      : { className: 'ConvzooGroupedConv2D', config: { ...config, groups } }
  },
  dense: ({ units, activation: given, useBias }, layer) => ({
    className: 'Dense',
    config: { units, activation: activationOf(given, layer), use_bias: useBias },
  }),
  depthwiseConv2d: ({ depthMultiplier, ...options }, layer) => ({
    className: isOnes(options.dilations) ? 'DepthwiseConv2D' : 'ConvzooDilatedDepthwiseConv2D',
    config: { depth_multiplier: depthMultiplier, ...convolution(options, layer) },
  }),
  dropout: ({ rate }) => ({ className: 'Dropout', config: { rate } }),
  elu: ({ alpha }) => ({ className: alpha === 1 ? 'ELU' : 'ConvzooScaledElu', config: { alpha } }),
  flatten: plain('Flatten', dataFormat),
  gelu: activation(({ approximate }) => (approximate === 'tanh' ? 'geluTanh' : 'gelu')),
  globalAveragePooling2d: globalPooling('GlobalAveragePooling2D', 'average'),
  globalMaxPooling2d: globalPooling('GlobalMaxPooling2D', 'max'),
  hardSigmoid: activation(() => 'hardSigmoid'),
  hardSwish: activation(() => 'hardSwish'),
  layerNormalization: ({ axis, epsilon, center, scale }) => ({
    className: 'LayerNormalization',
    config: { axis, epsilon, center, scale },
  }),
  leakyRelu: ({ negativeSlope }) => ({ className: 'LeakyReLU', config: { alpha: negativeSlope } }),
  localResponseNormalization: ({ depthRadius, bias, alpha, beta }) => ({
    className: 'ConvzooLocalResponseNormalization',
    config: { depth_radius: depthRadius, bias, alpha, beta },
  }),
  maxPool2d: pooling('MaxPooling2D'),
  mish: activation(() => 'mish'),
  multiply: plain('Multiply'),
  permute: ({ dims }) => ({ className: 'Permute', config: { dims } }),
  relu: plain('ReLU'),
  relu6: plain('ReLU', { max_value: 6 }),
  reshape: (_options, { outputShape }) => ({ className: 'Reshape', config: { target_shape: outputShape } }),
  selu: activation(() => 'selu'),
  separableConv2d: ({ filters, depthMultiplier, ...options }, layer) => ({
    className: 'SeparableConv2D',
    config: { filters, depth_multiplier: depthMultiplier, ...convolution(options, layer) },
  }),
  sigmoid: activation(() => 'sigmoid'),
  silu: activation(() => 'silu'),
  softmax: plain('Softmax', { axis: -1 }),
  softplus: activation(() => 'softplus'),
  tanh: activation(() => 'tanh'),
  zeroPadding2d: ({ padding }) => ({
    className: 'ZeroPadding2D',
    config: { padding: sidesOf(padding), ...dataFormat },
  }),
}

/** [[top, bottom], [left, right]]. */
function sidesOf(padding: unknown): readonly (readonly unknown[])[] {
  const { top, bottom, left, right }: Options = Object(padding)
  return [
    [top, bottom],
    [left, right],
  ]
}

/**
 * A layer of core as a LayersModel has it.
 *
 * @throws ConvzooError of kind `option` that names the layer, for one that a LayersModel cannot hold.
 */
export function kerasLayer(layer: ModelLayer): KerasLayer {
  const { type, options } = layer.layer
  const conversion = Object.hasOwn(conversions, type) ? conversions[type] : undefined
  if (conversion !== undefined) return conversion(options, layer)
  throw new ConvzooError({
    kind: 'option',
    message: `A LayersModel cannot hold the layer ${printable(layer.name)}.`,
    expected: `layers of core: ${Object.keys(conversions).join(', ')}`,
    received: `a layer of type ${printable(type, 60)}`,
    hint: 'export the network as ONNX, which holds what the layer computes',
  })
}
