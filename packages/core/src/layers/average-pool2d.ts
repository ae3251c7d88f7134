import { definePooling } from './pooling.js'

/**
 * The mean of each window: (H, W, C) → (H′, W′, C). Strides default to the window's size, padding to `valid`, as in Keras.
 * Padded cells are not counted: a window at the border is the mean of the cells that it has, as in Keras.
 *
 * @throws ConvzooError of kind `option` for a bad option, of kind `shape` if the window does not fit its input.
 * @example
 * x = averagePool2d({ poolSize: 3, strides: 2 })(x)
 */
export const averagePool2d = definePooling({
  type: 'averagePool2d',
  keras: 'AveragePooling2D',
  pool: (ops, x, attributes) => ops.averagePool2d(x, attributes),
})
