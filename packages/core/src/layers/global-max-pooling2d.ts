import { defineGlobalPooling } from './pooling.js'

/**
 * The largest value of each channel over the whole image: (H, W, C) → (C), or (1, 1, C) with `keepDimensions`. Values that are equally large share their gradient equally.
 *
 * @throws ConvzooError of kind `shape` if the input is not an image.
 * @example
 * x = globalMaxPooling2d()(x)
 */
export const globalMaxPooling2d = defineGlobalPooling({
  type: 'globalMaxPooling2d',
  keras: 'GlobalMaxPooling2D',
  reduce: (ops, x, options) => ops.max(x, options),
})
