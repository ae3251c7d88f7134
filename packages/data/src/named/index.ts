export type { FindOptions } from './find-idx.js'
export { type DatasetName, datasetNames, namedData } from './named.js'
