import { convolutionSize } from '../graph/inference.js'
import type { ConvolutionAttributes } from '../graph/primitives.js'
import { described, oneOf, optional, pair } from '../options/index.js'
import { borderOf, dilatedSize, type Padding, type Pair, type Shape } from '../shape.js'
import { imageOf, requireFit, sidesOf } from './spatial.js'

/** How the kernel of a layer that convolves lies and moves. */
export interface ConvolutionGeometry {
  readonly kernelSize: Pair
  readonly strides: Pair
  readonly padding: Padding
  readonly dilations: Pair
}

/** The options of all layers that convolve. */
export const geometryOptions = {
  kernelSize: described('cells of the kernel', pair(1)),
  strides: optional(described('cells from one position of the kernel to the next', pair(1)), [1, 1]),
  padding: optional(described('whether zeros are put around the image', oneOf('valid', 'same')), 'valid'),
  dilations: optional(described("cells from one of the kernel's to the next", pair(1)), [1, 1]),
}

function reachOf({ kernelSize, dilations }: ConvolutionGeometry): Pair {
  return [dilatedSize(kernelSize[0], dilations[0]), dilatedSize(kernelSize[1], dilations[1])]
}

/** What the primitive is told, for an image [H, W, C] or [N, H, W, C]. */
export function convolutionOf(x: Shape, geometry: ConvolutionGeometry, groups = 1): ConvolutionAttributes {
  const { strides, padding, dilations } = geometry
  return { strides, dilations, groups, padding: borderOf(padding, sidesOf(x), reachOf(geometry), strides) }
}

/** (H, W, C) → (H′, W′, filters), or an error that names the layer. */
export function convolvedShape(layer: string, x: Shape, geometry: ConvolutionGeometry, filters: number): Shape {
  const { image } = imageOf(layer, x)
  const output = convolutionSize(image, geometry.kernelSize, convolutionOf(x, geometry))
  requireFit(layer, 'kernel', image, reachOf(geometry), output)
  return [...output, filters]
}
