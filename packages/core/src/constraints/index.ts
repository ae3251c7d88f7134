export { type Constraint, constrain, maxNorm, maxRms, scaleWithin, unitNorm } from './constraint.js'
export { constraint } from './option.js'
