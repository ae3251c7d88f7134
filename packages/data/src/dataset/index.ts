export { type ArrayDatasetOptions, arrayDataset } from './array-dataset.js'
export { type IdxDatasetOptions, idxDataset } from './idx-dataset.js'
export type { SampleOptions } from './samples.js'
