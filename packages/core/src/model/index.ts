export { requireClasses } from './ends.js'
export {
  type AuxiliaryHead,
  type AuxiliaryOutput,
  type FunctionalModelOptions,
  functionalModel,
  type Model,
  type ModelLayer,
  type Weight,
  withAuxiliaryHeads,
} from './model.js'
export { modelOption } from './options.js'
export { createNameScope, type NameScope, snakeCase } from './scope.js'
export { type Application, type AppliedLayer, isSymbolicTensor, type SymbolicTensor } from './symbolic.js'
