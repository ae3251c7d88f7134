export { type CategoricalCrossentropyOptions, categoricalCrossentropy } from './categorical-crossentropy.js'
export {
  defineLoss,
  isLossDefinition,
  type LossDefinition,
  type LossDescription,
  type LossMaker,
  lossSpecification,
} from './define-loss.js'
export { lossDefinitions } from './definitions.js'
export { type Loss, type LossInputs, lossOption } from './loss.js'
