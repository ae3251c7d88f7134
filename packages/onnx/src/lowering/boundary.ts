import type { Port, RandomPort } from '../onnx-function.js'

/** The names under which tensors come into a model. */
export const inputTensor = (name: string): string => `input ${name}`
export const stateTensor = (name: string): string => `state ${name}`
export const randomTensor = (id: number): string => `random ${id}`

/** What a model takes from outside, in the order in which its operators first asked for it. */
export class Boundary {
  readonly inputs = new Set<string>()
  readonly states = new Map<string, Port>()
  /** By the place of the node in its graph. */
  readonly randoms = new Map<number, RandomPort>()
}
