import { border, defineOptions, optional } from '../options/index.js'
import { defineLayer } from './layer.js'
import { imageOf } from './spatial.js'

/**
 * Zeros around an image: (H, W, C) → (top + H + bottom, left + W + right, C). `padding` is one number for all sides (1 by default),
 * [rows, columns] for above and below, left and right, or [[top, bottom], [left, right]], as in Keras.
 *
 * @throws ConvzooError of kind `option` for bad padding, of kind `shape` if the input is not an image.
 * @example
 * x = zeroPadding2d({ padding: [[0, 1], [0, 1]] })(x)
 */
export const zeroPadding2d = defineLayer({
  type: 'zeroPadding2d',
  keras: 'ZeroPadding2D',
  options: defineOptions({ padding: optional(border, { top: 1, bottom: 1, left: 1, right: 1 }) }),
  outputShape: ([x], { padding: { top, bottom, left, right } }, name) => {
    const { image, channels } = imageOf(name, x)
    return [image[0] + top + bottom, image[1] + left + right, channels]
  },
  window: (_inputs, { padding }) => ({ size: [1, 1], strides: [1, 1], padding }),
  call: ({ ops }, [x], _weights, { padding }) => ops.padImage(x, padding),
})
