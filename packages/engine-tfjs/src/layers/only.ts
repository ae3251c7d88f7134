import type { Tensor } from '@tensorflow/tfjs-core'
import type { layers, Shape } from '@tensorflow/tfjs-layers'

/** What every layer may be told. */
export type CommonArguments = NonNullable<ConstructorParameters<typeof layers.Layer>[0]>
/** What a layer is given: a tensor, or a list of them. */
export type Tensors = Tensor | Tensor[]
/** Their shapes. */
export type Shapes = Shape | Shape[]

/** The tensor of a layer with one input. */
export function theOnly(inputs: Tensors): Tensor {
  const [first, ...others] = Array.isArray(inputs) ? inputs : [inputs]
  if (first === undefined || others.length > 0) throw new Error('A layer with one input was given others.')
  return first
}

/** The shape of the tensor of a layer with one input. */
export function theOnlyShape(shapes: Shapes): Shape {
  const [first] = shapes
  return Array.isArray(first) ? first : shapes.map((length) => (Array.isArray(length) ? null : length))
}
