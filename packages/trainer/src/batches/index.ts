export { batchMakers, batchSizesOf, type PlacedBatch, viewedBatchMakers } from './batches.js'
export { requireFittingDataset } from './dataset.js'
export { naturalOrder, shuffledOrder } from './order.js'
export { type Prefetched, type PrefetchOptions, prefetch } from './prefetch.js'
