import type { Pair, Shape } from '@convzoo/core'
import type { DType, PrimitiveName } from '@convzoo/core/engine'

/** The domain of operators that ONNX has not. */
export const ownDomain = 'convzoo'

interface Windows {
  readonly strides: Pair
  /** What is added above and to the left. */
  readonly before: Pair
}

/** One primitive within an operator: its inputs are numbered, those of the operator first, then the results of the steps before it. */
export interface ElementwiseStep {
  readonly primitive: PrimitiveName
  readonly inputs: readonly number[]
  /** Of a constant. */
  readonly value?: number
}

/** What an operator takes and gives. */
interface Crossing {
  /** How many tensors it takes, all of one type. */
  readonly takes: { readonly count: number; readonly dtype: DType }
  readonly gives: readonly { readonly shape: Shape; readonly dtype: DType }[]
}

/**
 * An operator that ONNX has not: whoever runs the model brings it, by the name of its type, which no other node has. Images are channels first,
 * kernels [Cout, Cin / groups, kh, kw].
 */
export type OwnOperator = { readonly type: string } & Crossing &
  (
    | {
        /** Uniform numbers. From uint32 [2 + samples], the key and the samples' indices, float32 [samples, elements]. */
        readonly kind: 'uniform'
        readonly samples: number
        readonly elements: number
      }
    | ({
        /** The gradient of a convolution's kernel, from its image and the gradient of its output. */
        readonly kind: 'kernelGradient'
        readonly image: Shape
        readonly gradient: Shape
        readonly dilations: Pair
        readonly groups: number
      } & Windows)
    | ({
        /** The gradient of largest values in windows, at the first of equals, from the image and the gradient of the output. */
        readonly kind: 'maxPoolGradient'
        readonly gradient: Shape
        readonly size: Pair
      } & Windows)
    | {
        /** Whether all numbers of some tensors are finite. */
        readonly kind: 'allFinite'
        /** How many numbers each has. */
        readonly counts: readonly number[]
      }
    | {
        /** Primitives that are computed number by number. */
        readonly kind: 'elementwise'
        /** Which inputs are one number for all. */
        readonly scalars: readonly boolean[]
        readonly steps: readonly ElementwiseStep[]
        /** The numbers of the values that it gives. */
        readonly results: readonly number[]
      }
  )

/** An operator as lowerings ask for it. */
export type OwnOperatorParts = OwnOperator extends infer Each
  ? Each extends unknown
    ? Omit<Each, 'type' | 'takes'>
    : never
  : never
