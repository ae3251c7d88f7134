import { defineGlobalPooling } from './pooling.js'

/**
 * The mean of each channel over the whole image: (H, W, C) → (C), or (1, 1, C) with `keepDimensions`.
 *
 * Source: Lin, Chen and Yan, Network In Network, 2013, section 3.2.
 *
 * @throws ConvzooError of kind `shape` if the input is not an image.
 * @example
 * x = globalAveragePooling2d()(x)
 */
export const globalAveragePooling2d = defineGlobalPooling({
  type: 'globalAveragePooling2d',
  keras: 'GlobalAveragePooling2D',
  reduce: (ops, x, options) => ops.mean(x, options),
})
