export type { MeanImage } from './mean-image.js'
export type { Metrics } from './metrics.js'
export { type Resumed, RunFolder } from './run-folder.js'
