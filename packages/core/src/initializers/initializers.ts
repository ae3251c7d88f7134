import { fillUniform, seedWords, streamKey } from '../random/index.js'
import { axisLength, type Shape, sizeOf } from '../shape.js'

/** How a weight starts, as plain data. */
export type Initializer =
  | { readonly type: 'zeros' }
  | { readonly type: 'ones' }
  /** Uniform in [−L, L), L = √(6 / (fan in + fan out)). Source: Glorot and Bengio, AISTATS 2010; fans as Keras counts them. */
  | { readonly type: 'glorotUniform' }

export type InitializerName = Initializer['type']

/** The names under which layers take an initializer. */
export const initializerNames = ['zeros', 'ones', 'glorotUniform'] as const satisfies readonly InitializerName[]

/** All elements 0. */
export const zeros: Initializer = { type: 'zeros' }
/** All elements 1. */
export const ones: Initializer = { type: 'ones' }
/** Keras' default for kernels: uniform in [−L, L), L = √(6 / (fan in + fan out)). */
export const glorotUniform: Initializer = { type: 'glorotUniform' }

/**
 * Fan in and fan out of a weight, as Keras counts them: of a matrix [in, out] its two lengths; of a convolution kernel
 * [kh, kw, Cin / groups, Cout] the receptive field times its channels, over all filters.
 */
export function fans(shape: Shape): { fanIn: number; fanOut: number } {
  if (shape.length < 2) return { fanIn: sizeOf(shape), fanOut: sizeOf(shape) }
  const field = sizeOf(shape.slice(0, -2))
  return { fanIn: field * axisLength(shape, -2), fanOut: field * axisLength(shape, -1) }
}

/** The starting value of the weight `name`: a function of the seed, the name and the shape alone. */
export function initialize(initializer: Initializer, shape: Shape, seed: number, name: string): Float32Array {
  const data = new Float32Array(sizeOf(shape))
  switch (initializer.type) {
    case 'zeros':
      return data
    case 'ones':
      return data.fill(1)
    case 'glorotUniform': {
      const { fanIn, fanOut } = fans(shape)
      const limit = Math.sqrt(6 / (fanIn + fanOut))
      fillUniform(streamKey(seedWords(seed), `initializer/${name}`), 0, data)
      for (let index = 0; index < data.length; index++) data[index] = (2 * (data[index] ?? 0) - 1) * limit
      return data
    }
  }
}
