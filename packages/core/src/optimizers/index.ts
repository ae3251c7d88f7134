export { type AdamWOptions, adamW } from './adamw.js'
export { averageDecay, movedAverage, type WeightAverage } from './average.js'
export { optimizerOption } from './check.js'
export { type Clipping, clip } from './clipping.js'
export {
  type Decayed,
  type DecayInputs,
  type HyperparameterName,
  hyperparameterNames,
  type Optimizer,
  scalarsAt,
  type UpdateInputs,
} from './optimizer.js'
export type { CommonOptimizerOptions } from './options.js'
export {
  type ConstantOptions,
  type ConstantSchedule,
  type CosineOptions,
  type CosineSchedule,
  constant,
  cosine,
  type ExponentialOptions,
  type ExponentialSchedule,
  exponential,
  type PiecewiseOptions,
  type PiecewiseSchedule,
  type PolynomialOptions,
  type PolynomialSchedule,
  parseSchedule,
  piecewise,
  polynomial,
  type Schedule,
  type StepDecayOptions,
  type StepDecaySchedule,
  scheduled,
  stepDecay,
  valueAt,
  type WarmUpOptions,
  type WarmUpSchedule,
  warmUp,
} from './schedules/index.js'
export { type SgdOptions, sgd } from './sgd.js'
export { type SgdL2Options, sgdL2 } from './sgd-l2.js'
export { type SgdwOptions, sgdw } from './sgdw.js'
