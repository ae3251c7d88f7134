export type { Metrics } from './metrics.js'
export { type Resumed, RunFolder } from './run-folder.js'
