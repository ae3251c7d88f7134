import {
  type Batch,
  type BatchPurpose,
  ConvzooError,
  type Dataset,
  describeValue,
  formatShape,
  sizeOf,
} from '@convzoo/core'

/** A batch with where its samples stand. */
export interface PlacedBatch extends Batch {
  readonly size: number
  /** Each sample's place in the epoch: what random numbers depend on. */
  readonly sampleIndices: Uint32Array
}

/** The sizes of the batches of `samples` samples: full ones, and a smaller last one if they do not divide. */
export function batchSizesOf(samples: number, batchSize: number): readonly number[] {
  const tail = samples % batchSize
  return [...(samples >= batchSize ? [batchSize] : []), ...(tail > 0 ? [tail] : [])]
}

/**
 * One function a batch, in order; each reads its batch when it is called. `order` lists the dataset's indices in the order of the
 * epoch, which starts at place `from`. The last batch may be smaller.
 */
export function* batchMakers(
  dataset: Dataset,
  order: Uint32Array,
  batchSize: number,
  { from = 0, purpose }: { readonly from?: number; readonly purpose?: BatchPurpose } = {},
): Generator<() => Promise<PlacedBatch>, void, undefined> {
  for (let start = from; start < order.length; start += batchSize) {
    const indices = order.subarray(start, Math.min(start + batchSize, order.length))
    yield async () => {
      const batch = await dataset.batch(indices, purpose)
      requireWholeBatch(dataset, batch, indices.length)
      const sampleIndices = Uint32Array.from(indices, (_, place) => start + place)
      return { ...batch, size: indices.length, sampleIndices }
    }
  }
}

/**
 * The batches of an evaluation in which every image is seen in so many of the dataset's views: each batch in all of them, one after
 * the other. Of one view, the dataset is not asked for it by number.
 */
export function* viewedBatchMakers(
  dataset: Dataset,
  order: Uint32Array,
  batchSize: number,
  views: number,
): Generator<() => Promise<PlacedBatch>, void, undefined> {
  if (views === 1) return yield* batchMakers(dataset, order, batchSize)
  const purposes = Array.from({ length: views }, (_, view) => ({ training: false, seed: 0, epoch: 0, view }))
  const byView = purposes.map((purpose) => [...batchMakers(dataset, order, batchSize, { purpose })])
  for (let batch = 0; batch * batchSize < order.length; batch++) {
    for (const makers of byView) yield* makers.slice(batch, batch + 1)
  }
}

/** @throws ConvzooError of kind `data` unless a dataset gave as many images and targets as it was asked for. */
export function requireWholeBatch(dataset: Dataset, batch: Batch, size: number): void {
  const check = (what: 'images' | 'targets', shape: readonly number[]): void => {
    const values: unknown = Reflect.get(Object(batch), what)
    if (!isFloat32Array(values)) {
      throw new ConvzooError({
        kind: 'data',
        message: `The dataset ${dataset.name} gave a batch whose ${what} are not a Float32Array.`,
        expected: '{ images, targets }, each a Float32Array',
        received: describeValue(values ?? batch),
      })
    }
    if (values.length === sizeOf(shape)) return
    throw new ConvzooError({
      kind: 'data',
      message: `The dataset ${dataset.name} gave a batch whose ${what} have the wrong number of elements.`,
      expected: `${sizeOf(shape)}, for ${formatShape(shape)}`,
      received: String(values.length),
    })
  }
  check('images', [size, ...dataset.imageShape])
  check('targets', [size, dataset.classes.length])
}

/** Also of another realm, as test runners have them. */
const isFloat32Array = (value: unknown): value is Float32Array =>
  Object.prototype.toString.call(value) === '[object Float32Array]'
