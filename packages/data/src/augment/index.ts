export { cut, type Sight } from './cut.js'
export { finisherOf } from './finisher.js'
export { mixBatch } from './mixing.js'
export type { Placement } from './placement.js'
