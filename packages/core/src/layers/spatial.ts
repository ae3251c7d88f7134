import { ConvzooError } from '../errors/index.js'
import { axisLength, formatShape, type Pair, type Shape } from '../shape.js'

/** Height and width: the axes before the last, with or without the batch axis in front. */
export function sidesOf(shape: Shape): Pair {
  return [axisLength(shape, -3), axisLength(shape, -2)]
}

/** Height, width and channels of the image that a layer takes, or an error that names the layer. */
export function imageOf(layer: string, shape: Shape): { readonly image: Pair; readonly channels: number } {
  const [height, width, channels] = shape
  if (height === undefined || width === undefined || channels === undefined || shape.length !== 3) {
    throw new ConvzooError({
      kind: 'shape',
      message: `The layer ${layer} takes images.`,
      expected: 'a shape (height, width, channels)',
      received: formatShape(shape),
    })
  }
  return { image: [height, width], channels }
}

/** Refuses a window that has no place in its input. */
export function requireFit(layer: string, what: string, image: Pair, size: Pair, output: Pair): void {
  if (output[0] > 0 && output[1] > 0) return
  throw new ConvzooError({
    kind: 'shape',
    message: `The ${what} of layer ${layer} is larger than its input.`,
    expected: `an input of at least ${size[0]}×${size[1]}`,
    received: `${image[0]}×${image[1]}`,
    hint: 'give the network a larger input, or use padding "same"',
  })
}
