export type { FindOptions } from './find-idx.js'
export { type MnistOptions, mnist, mnistPreprocessing } from './mnist.js'
export { type DatasetName, datasetNames, type NamedDataOptions, namedData } from './named.js'
