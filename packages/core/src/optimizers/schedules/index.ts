export { type ConstantOptions, type ConstantSchedule, constant } from './constant.js'
export { type CosineOptions, type CosineSchedule, cosine } from './cosine.js'
export { type ExponentialOptions, type ExponentialSchedule, exponential } from './exponential.js'
export { type PiecewiseOptions, type PiecewiseSchedule, piecewise } from './piecewise.js'
export { type PolynomialOptions, type PolynomialSchedule, polynomial } from './polynomial.js'
export {
  parseSchedule,
  type Schedule,
  scheduled,
  scheduledAt,
  valueAt,
  type WarmUpOptions,
  type WarmUpSchedule,
  warmUp,
} from './schedule.js'
export { type StepDecayOptions, type StepDecaySchedule, stepDecay } from './step-decay.js'
