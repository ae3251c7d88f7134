import type { Shape } from '@convzoo/core'
import type { OnnxFunction } from '@convzoo/onnx'

/** The shape of each tensor that crosses the boundary of a model, by its name there. */
export function shapesOf({
  inputs,
  states,
  randoms,
  assignments,
  outputs,
  guard,
}: OnnxFunction): ReadonlyMap<string, Shape> {
  const ports = [...inputs, ...states, ...randoms, ...assignments, ...outputs]
  const shapes = new Map(ports.map(({ tensor, shape }) => [tensor, shape]))
  return guard === undefined ? shapes : shapes.set(guard, [])
}
