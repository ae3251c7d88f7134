export type { FindOptions } from './find-idx.js'
export { type DatasetName, datasetNames, type NamedDataOptions, namedData } from './named.js'
