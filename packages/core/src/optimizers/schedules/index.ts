export { type ConstantOptions, type ConstantSchedule, constant } from './constant.js'
export { type CosineOptions, type CosineSchedule, cosine } from './cosine.js'
export {
  defineSchedule,
  type ScheduleDescription,
  type ScheduleMaker,
  type ScheduleOf,
} from './define-schedule.js'
export { type RunLength, type ScheduleData, type ScheduleDefinition, scheduleSpecification } from './definition.js'
export { type ExponentialOptions, type ExponentialSchedule, exponential } from './exponential.js'
export { type OneCycleOptions, type OneCycleSchedule, oneCycle } from './one-cycle.js'
export { scheduleOverRun } from './over-run.js'
export { type PiecewiseOptions, type PiecewiseSchedule, piecewise } from './piecewise.js'
export { type PolynomialOptions, type PolynomialSchedule, polynomial } from './polynomial.js'
export {
  parseSchedule,
  type Schedule,
  scheduled,
  scheduledAt,
  scheduleSchema,
  valueAt,
  type WarmUpSchedule,
} from './schedule.js'
export { type StepDecayOptions, type StepDecaySchedule, stepDecay } from './step-decay.js'
export { scheduleDefinitions } from './table.js'
export { type WarmUpOptions, warmUp } from './warm-up.js'
