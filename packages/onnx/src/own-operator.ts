import type { Pair, Shape } from '@convzoo/core'
import type { DType, PrimitiveName } from '@convzoo/core/engine'
import type { Layout } from './lowering/layout.js'

/** The domain of operators that ONNX has not. */
export const ownDomain = 'convzoo'

interface Windows {
  readonly strides: Pair
  /** What is added above and to the left. */
  readonly before: Pair
}

/** A convolution's geometry: as much is added below and to the right as before. */
interface Geometry extends Windows {
  readonly layout: Layout
  readonly dilations: Pair
  readonly groups: number
}

/** The windows of largest values. Images are [planes, height, width, channels]: with channels first, each channel is a plane with one. */
interface PoolWindows extends Windows {
  readonly image: Shape
  readonly pooled: Shape
  readonly size: Pair
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
 * An operator that ONNX has not: whoever runs the model brings it, by the name of its type, which no other node has. Where channels are last,
 * images are [N, H, W, C] and kernels [Cout, kh, kw, Cin / groups], else [N, C, H, W] and [Cout, Cin / groups, kh, kw].
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
        /** A convolution of an image with a kernel, with the bias that is a third input, if there is one, and what is negative made 0, if asked for. */
        readonly kind: 'convolution'
        readonly image: Shape
        readonly kernel: Shape
        readonly bias: boolean
        readonly relu: boolean
      } & Geometry)
    | ({
        /** The gradient of a convolution's image, from its kernel and the gradient of its output. */
        readonly kind: 'inputGradient'
        readonly kernel: Shape
        readonly gradient: Shape
      } & Geometry)
    | ({
        /** The gradient of a convolution's kernel, from its image and the gradient of its output. */
        readonly kind: 'kernelGradient'
        readonly image: Shape
        readonly gradient: Shape
      } & Geometry)
    | ({
        /** Largest values in windows. */
        readonly kind: 'maxPool'
      } & PoolWindows)
    | ({
        /** The gradient of largest values in windows, at the first of equals, from the image and the gradient of the output. */
        readonly kind: 'maxPoolGradient'
      } & PoolWindows)
    | {
        /** [outer, kept, inner] → [kept]: sums over all but one axis. */
        readonly kind: 'sums'
        readonly outer: number
        readonly kept: number
        readonly inner: number
      }
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
