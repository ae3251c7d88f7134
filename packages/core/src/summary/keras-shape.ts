import { inputType } from '../layers/input.js'
import { formatShape, type Shape } from '../shape.js'

/** A layer's output shape as Keras prints it: `(None, 55, 55, 96)`; an input's is a list of one. */
export function kerasShape(type: string, outputShape: Shape): string {
  const shape = formatShape(outputShape, { batch: true })
  return type === inputType ? `[${shape}]` : shape
}
