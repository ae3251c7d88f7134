export { type AdamWOptions, adamW } from './adamw.js'
export { averageDecay, averageOption, movedAverage, type WeightAverage } from './average.js'
export { optimizerOption } from './check.js'
export { type Clipping, clip, globalNorm, needsGlobalNorm } from './clipping.js'
export { coupledDecay, decoupledDecay, scaledDecay } from './decay.js'
export {
  defineOptimizer,
  isOptimizerDefinition,
  type OptimizerDefinition,
  type OptimizerDescription,
  type OptimizerMaker,
  type OptimizerRule,
  optimizerSpecification,
} from './define-optimizer.js'
export { optimizerDefinitions } from './definitions.js'
export {
  type Decayed,
  type DecayInputs,
  type HyperparameterName,
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
  defineSchedule,
  type ExponentialOptions,
  type ExponentialSchedule,
  exponential,
  type OneCycleOptions,
  type OneCycleSchedule,
  oneCycle,
  type PiecewiseOptions,
  type PiecewiseSchedule,
  type PolynomialOptions,
  type PolynomialSchedule,
  parseSchedule,
  piecewise,
  polynomial,
  type RunLength,
  type Schedule,
  type ScheduleData,
  type ScheduleDefinition,
  type ScheduleDescription,
  type ScheduleMaker,
  type ScheduleOf,
  type StepDecayOptions,
  type StepDecaySchedule,
  scheduleDefinitions,
  scheduled,
  scheduleOverRun,
  scheduleSpecification,
  stepDecay,
  valueAt,
  type WarmUpOptions,
  type WarmUpSchedule,
  warmUp,
} from './schedules/index.js'
export { type SgdOptions, sgd } from './sgd.js'
export { type SgdL2Options, sgdL2 } from './sgd-l2.js'
export { type SgdwOptions, sgdw } from './sgdw.js'
export type { SlotStart, SlotStartInput } from './slots.js'
