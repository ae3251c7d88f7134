import { defineLayer } from './layer.js'
import { defineOptions } from './options.js'
import { imageOf } from './spatial.js'

const globalAveragePooling2dLayer = defineLayer({
  type: 'globalAveragePooling2d',
  keras: 'GlobalAveragePooling2D',
  options: defineOptions({}),
  outputShape: ([x]) => [imageOf('globalAveragePooling2d', x).channels],
  call: ({ ops }, [x]) => ops.mean(x, { axes: [1, 2] }),
})

/**
 * The mean of each channel over the whole image: (H, W, C) → (C).
 *
 * Source: Lin, Chen and Yan, Network In Network, 2013, section 3.2.
 *
 * @throws ConvzooError of kind `shape` if the input is not an image.
 * @example
 * x = globalAveragePooling2d()(x)
 */
export const globalAveragePooling2d = (options: { readonly name?: string } = {}) => globalAveragePooling2dLayer(options)
