import type { Border, Pair, Shape } from '../shape.js'

/**
 * The closed list of primitives: all that an engine has to know. Each takes values and constant attributes and gives one value of
 * a static shape. Images are [N, H, W, C] and convolution kernels [kh, kw, Cin / groups, Cout], everywhere.
 */

/** `uint32` values only ever feed `random`; `bool` values only ever feed logic and `select`. */
export type DType = 'float32' | 'bool' | 'uint32'

export interface TensorType {
  readonly shape: Shape
  readonly dtype: DType
}

/** How a convolution's window moves. Output: ⌊(n + padding − dilated k) / stride⌋ + 1 on each axis; padded cells are zero. */
export interface ConvolutionAttributes {
  readonly strides: Pair
  readonly padding: Border
  readonly dilations: Pair
  /** Input and output channels fall into this many consecutive groups that do not see each other. */
  readonly groups: number
}

/** How a pooling window moves. Padded cells never win and are never counted; padding is narrower than the window. */
export interface PoolAttributes {
  readonly size: Pair
  readonly strides: Pair
  readonly padding: Border
}

/** Local response normalization: what a channel's neighbours on both sides take from it. */
export interface LocalResponseNormalizationAttributes {
  /** How many channels on either side count: the window is 2·radius + 1 long, cut off at the first and the last channel. */
  readonly radius: number
  /** k, greater than 0. */
  readonly bias: number
  /** Multiplies the plain sum of squares, as in the paper and TensorFlow; Caffe and PyTorch multiply the mean over the whole window. */
  readonly alpha: number
  readonly beta: number
}

export type NoAttributes = Readonly<Record<never, never>>

/** The attributes of each primitive; its name is the key. */
export interface PrimitiveAttributes {
  /** A named input of the function, of the declared type. */
  input: { readonly name: string; readonly type: TensorType }
  /** The value a state tensor had when the function was called, before any of its assignments. */
  state: { readonly name: string; readonly type: TensorType }
  /** A tensor all of whose elements are `value`. */
  constant: { readonly value: number; readonly shape: Shape }
  /**
   * (seed [2] uint32, step [] uint32, sampleIndices [N] uint32) → [N, ...sampleShape]: uniform in [0, 1), from the named stream,
   * by core's `uniformForSamples`. Engines call that function rather than draw numbers of their own.
   */
  random: { readonly stream: string; readonly sampleShape: Shape }

  // Element-wise on two values, broadcast by numpy's rule.
  add: NoAttributes
  subtract: NoAttributes
  multiply: NoAttributes
  divide: NoAttributes
  power: NoAttributes
  maximum: NoAttributes
  minimum: NoAttributes

  // Element-wise on one.
  negate: NoAttributes
  exp: NoAttributes
  log: NoAttributes
  sqrt: NoAttributes
  tanh: NoAttributes
  sigmoid: NoAttributes
  /** 2 / √π · ∫₀ˣ exp(−t²) dt; engines may be off by 10⁻⁶. */
  erf: NoAttributes
  /** max(x, 0); its gradient at 0 is 0. */
  relu: NoAttributes

  // Logic: float32 → bool, bool → bool.
  equal: NoAttributes
  greater: NoAttributes
  greaterOrEqual: NoAttributes
  /** True where x is neither infinite nor NaN. */
  isFinite: NoAttributes
  and: NoAttributes
  not: NoAttributes
  /** (condition bool, a, b) → a where the condition holds, else b; broadcast. */
  select: NoAttributes

  /** Sum over `axes`; reduced axes stay as length 1 with `keepDimensions`. The sum of all axes without it is a scalar. */
  sum: { readonly axes: readonly number[]; readonly keepDimensions: boolean }
  /** Largest over `axes`; its gradient is shared equally among equal largest elements, as in TensorFlow. */
  max: { readonly axes: readonly number[]; readonly keepDimensions: boolean }
  /** exp(x) / Σ exp(x) over the last axis, computed on x − max. */
  softmax: NoAttributes
  /** log softmax over the last axis, computed on x − max. */
  logSoftmax: NoAttributes

  /** Rank 2: op(a) · op(b), where op transposes if asked. */
  matMul: { readonly transposeA: boolean; readonly transposeB: boolean }

  /** (x [N, H, W, Cin], kernel [kh, kw, Cin / groups, Cout]) → [N, oh, ow, Cout]: cross-correlation, as every framework computes it. */
  conv2d: ConvolutionAttributes
  /** (dy [N, oh, ow, Cout], kernel) → [N, H, W, Cin]: conv2d's gradient with respect to its input of `imageSize`. */
  conv2dInputGradient: ConvolutionAttributes & { readonly imageSize: Pair }
  /** (x, dy) → [kh, kw, Cin / groups, Cout]: conv2d's gradient with respect to its kernel of `kernelSize`. */
  conv2dKernelGradient: ConvolutionAttributes & { readonly kernelSize: Pair }

  /** [N, H, W, C] → [N, oh, ow, C]: the largest of each window. */
  maxPool2d: PoolAttributes
  /**
   * (x, dy) → the shape of x: each window gives its dy to its largest element, to the first in row-major order where several are
   * equal (as TensorFlow does); windows that overlap add up.
   */
  maxPool2dGradient: PoolAttributes
  /** [N, H, W, C] → [N, oh, ow, C]: the mean of each window's cells, the padded ones left out. */
  averagePool2d: PoolAttributes
  /** (dy [N, oh, ow, C]) → [N, H, W, C]: averagePool2d's gradient with respect to its input of `imageSize`; each window spreads its dy evenly. */
  averagePool2dGradient: PoolAttributes & { readonly imageSize: Pair }

  /** Over the last axis: y_c = x_c / s_c^beta with s_c = bias + alpha · Σ x_j² over the channels |j − c| ≤ radius that exist. */
  localResponseNormalization: LocalResponseNormalizationAttributes
  /** (x, dy) → the shape of x: dy_c / s_c^beta − 2 · alpha · beta · x_c · Σ dy_j · x_j / s_j^(beta + 1) over the same channels. */
  localResponseNormalizationGradient: LocalResponseNormalizationAttributes

  reshape: { readonly shape: Shape }
  /** Output axis i is input axis `permutation[i]`. */
  transpose: { readonly permutation: readonly number[] }
  /** Numpy's broadcast to `shape`. */
  broadcastTo: { readonly shape: Shape }
  concatenate: { readonly axis: number }
  /** Elements start … start + size − 1 on each axis. */
  slice: { readonly start: readonly number[]; readonly size: readonly number[] }
  /** Zeros around each axis: [before, after]. */
  pad: { readonly padding: readonly Pair[] }
}

export type PrimitiveName = keyof PrimitiveAttributes
