export { activation } from './activation.js'
export { type ActivationName, activations } from './activations.js'
export { add } from './add.js'
export { averagePool2d } from './average-pool2d.js'
export { batchNormalization } from './batch-normalization.js'
export { concatenate } from './concatenate.js'
export { conv2d } from './conv2d.js'
export { dense } from './dense.js'
export { dropout } from './dropout.js'
export { flatten } from './flatten.js'
export { globalAveragePooling2d } from './global-average-pooling2d.js'
export { globalMaxPooling2d } from './global-max-pooling2d.js'
export { type InputOptions, input } from './input.js'
export {
  type CallContext,
  type CommonOptions,
  defineLayer,
  type Layer,
  type LayerDefinition,
  type LayerFunction,
  type NonEmpty,
  type WeightDeclaration,
} from './layer.js'
export { leakyRelu } from './leaky-relu.js'
export { localResponseNormalization } from './local-response-normalization.js'
export { maxPool2d } from './max-pool2d.js'
export { zeroPadding2d } from './zero-padding2d.js'
