import { definePooling } from './pooling.js'

/**
 * The largest value of each window: (H, W, C) → (H′, W′, C). Strides default to the window's size, padding to `valid`, as in Keras.
 *
 * @throws ConvzooError of kind `option` for a bad option, of kind `shape` if the window does not fit its input.
 * @example
 * x = maxPool2d({ poolSize: 3, strides: 2 })(x)
 */
export const maxPool2d = definePooling({
  type: 'maxPool2d',
  keras: 'MaxPooling2D',
  pool: (ops, x, attributes) => ops.maxPool2d(x, attributes),
})
