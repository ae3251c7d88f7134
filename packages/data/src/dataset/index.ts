export { type ArrayDatasetOptions, arrayDataset } from './array-dataset.js'
export { type IdxDatasetOptions, idxDataset } from './idx-dataset.js'
export type { SampleDataset, SampleOptions } from './samples.js'
