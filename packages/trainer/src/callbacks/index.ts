export { type CheckpointsOptions, checkpoints } from './checkpoints.js'
export { type EarlyStoppingOptions, earlyStopping } from './early-stopping.js'
export { type Monitor, monitors } from './monitor.js'
