import type { Border, Pair, Shape } from '@convzoo/core'
import { axisLength } from '@convzoo/core/engine'

/** Padding as ONNX writes it: the starts of the axes, then their ends. */
export const pads = ({ top, left, bottom, right }: Border): number[] => [top, left, bottom, right]

/** Height and width of images, [N, H, W, C]. */
export const imageOf = (shape: Shape): Pair => [axisLength(shape, 1), axisLength(shape, 2)]

/** Whether as much is added before as after: a GPU's library knows nothing else. */
export const isEven = ({ top, bottom, left, right }: Border): boolean => top === bottom && left === right
