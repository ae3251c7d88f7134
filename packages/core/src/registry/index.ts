export { type CreateModelOptions, createModel } from './create-model.js'
export { defineArchitecture } from './define-architecture.js'
export { preprocessingFor } from './preprocessing-for.js'
export {
  createRegistry,
  defaultTag,
  idsOf,
  type Registry,
  type ResolvedArchitecture,
  register,
  sharedRegistry,
} from './registry.js'
