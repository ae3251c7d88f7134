export { type Clipping, clip } from './clipping.js'
export {
  type Decayed,
  type HyperparameterName,
  hyperparameterNames,
  type Optimizer,
  type UpdateInputs,
} from './optimizer.js'
export { type CosineOptions, cosine, type Schedule, valueAt, warmUp } from './schedules/index.js'
export { type SgdwOptions, sgdw } from './sgdw.js'
