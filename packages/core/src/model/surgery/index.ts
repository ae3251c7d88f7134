export { freeze, type LayerPattern, unfreeze } from './freeze.js'
export { matchWeights, type NamedShape, type WeightMatch } from './match-weights.js'
export { replaceHead } from './replace-head.js'
export { submodel } from './submodel.js'
