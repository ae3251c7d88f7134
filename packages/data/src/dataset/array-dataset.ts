import { ConvzooError, type ImageShape } from '@convzoo/core'
import {
  classNames,
  defineOptions,
  formatShape,
  imageShapeKind,
  indicesKind,
  isUint8Array,
  optional,
  pixels,
  text,
} from '@convzoo/core/define'
import { sampleParts } from './kinds.js'
import { checkedClasses, datasetOf, type SampleDataset, type SampleOptions } from './samples.js'

export interface ArrayDatasetOptions extends SampleOptions {
  /** [N, H, W, C], row-major: bytes from 0 to 255, or floats in [0, 1]. Not copied. */
  readonly images: Uint8Array | Float32Array
  /** [H, W, C] of each image in `images`. */
  readonly shape: ImageShape
  /** Indices into `classes`, [N]. */
  readonly labels: ArrayLike<number>
  /** `'0'` to the largest label by default. */
  readonly classes?: readonly string[]
  /** `arrays` by default. */
  readonly name?: string
}

const parts = defineOptions({
  images: pixels,
  shape: imageShapeKind,
  labels: indicesKind,
  classes: optional(classNames),
  name: optional(text, 'arrays'),
  ...sampleParts,
})

/**
 * A dataset from images in memory.
 *
 * @throws ConvzooError of kind `data` if images and labels do not fit together, of kind `option` for a bad option.
 * @example
 * const dataset = arrayDataset({ images: Uint8Array.of(0, 255, 255, 0), shape: [2, 1, 1], labels: [0, 1], classes: ['down', 'up'] })
 * const { images, targets } = await dataset.batch([1]) // images [1, 0], targets [0, 1]
 */
export function arrayDataset(given: ArrayDatasetOptions): SampleDataset {
  const { images, shape, labels, classes, name, ...options } = parts.parse('arrayDataset', given)
  const size = shape[0] * shape[1] * shape[2]
  const length = images.length / size
  if (!Number.isInteger(length) || length === 0) {
    throw new ConvzooError({
      kind: 'data',
      message: `The dataset ${name} does not hold whole images.`,
      expected: `a multiple of ${size} values, for images ${formatShape(shape)}`,
      received: `${images.length} values`,
    })
  }
  return datasetOf(
    {
      name,
      length,
      shape,
      images,
      one: isUint8Array(images) ? 255 : 1,
      labels,
      classes: checkedClasses(`The dataset ${name}`, labels, length, classes),
    },
    options,
  )
}
