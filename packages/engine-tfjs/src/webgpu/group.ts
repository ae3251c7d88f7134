import type { Tensor } from '../interpreter/kernels.js'
import type { Shader } from './shader.js'

/** Has a backend run a shader on tensors. */
export type RunShader = (shader: Shader, args: readonly Tensor[]) => Tensor

/** Nodes that are computed together: a product with bias and activation, a loss, an optimizer's update, a chain of conditions. */
export interface Group {
  /** Values that come from outside, in the order of the arguments. */
  readonly inputs: readonly number[]
  /** Nodes that are computed on the way and nowhere else. */
  readonly inner: readonly number[]
  compute(run: RunShader, args: readonly Tensor[]): Tensor
}

/** WebGPU promises 8 storage buffers; the result is one of them. */
export const mostInputs = 7
