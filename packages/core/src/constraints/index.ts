export { constrain, maxNorm, maxRms, scaleWithin, unitNorm } from './constraint.js'
export { type Constraint, constraint } from './option.js'
