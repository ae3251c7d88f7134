export { type CheckpointsOptions, checkpoints } from './checkpoints.js'
