import { shapeKind } from '../graph/attributes.js'
import { integer, lengths, requireArguments, text } from '../options/index.js'
import { fillNormal, fillUniform, seedWords, streamKey, type Words } from '../random/index.js'
import { axisLength, type Shape, sizeOf } from '../shape.js'
import { type Initializer, initializer as initializerOption, type ScalingName } from './option.js'

interface Scaling {
  /** The variance is scale / n, where n counts the connections into a unit, or the mean of those in and out. */
  readonly scale: number
  readonly fan: 'in' | 'average'
  /** Normal means truncated to two standard deviations, after which the standard deviation is what it should be. */
  readonly distribution: 'uniform' | 'normal'
}

/** Initializers that scale with the size of a weight: Keras' `VarianceScaling` under their names. */
const scalings: Readonly<Record<ScalingName, Scaling>> = {
  glorotUniform: { scale: 1, fan: 'average', distribution: 'uniform' },
  glorotNormal: { scale: 1, fan: 'average', distribution: 'normal' },
  heUniform: { scale: 2, fan: 'in', distribution: 'uniform' },
  heNormal: { scale: 2, fan: 'in', distribution: 'normal' },
  lecunUniform: { scale: 1, fan: 'in', distribution: 'uniform' },
  lecunNormal: { scale: 1, fan: 'in', distribution: 'normal' },
}

/** All elements 0. */
export const zeros: Initializer = { type: 'zeros' }
/** All elements 1. */
export const ones: Initializer = { type: 'ones' }
/**
 * Keras' default for kernels: uniform in [−L, L), L = √(6 / (fan in + fan out)). Source: Glorot and Bengio, AISTATS 2010.
 */
export const glorotUniform: Initializer = { type: 'glorotUniform' }
/** Truncated normal of standard deviation √(2 / (fan in + fan out)). Source: Glorot and Bengio, AISTATS 2010. */
export const glorotNormal: Initializer = { type: 'glorotNormal' }
/** Uniform in [−L, L), L = √(6 / fan in). Source: He et al., ICCV 2015. */
export const heUniform: Initializer = { type: 'heUniform' }
/** Truncated normal of standard deviation √(2 / fan in). Source: He et al., ICCV 2015. */
export const heNormal: Initializer = { type: 'heNormal' }
/** Uniform in [−L, L), L = √(3 / fan in). Source: LeCun et al., Efficient BackProp, 1998. */
export const lecunUniform: Initializer = { type: 'lecunUniform' }
/** Truncated normal of standard deviation √(1 / fan in). Source: LeCun et al., Efficient BackProp, 1998. */
export const lecunNormal: Initializer = { type: 'lecunNormal' }

/**
 * Fan in and fan out of a weight, as Keras counts them: of a matrix [in, out] its two lengths; of a convolution kernel
 * [kh, kw, Cin / groups, Cout] the receptive field times its channels, over all filters.
 */
export function fans(shape: Shape): { fanIn: number; fanOut: number } {
  requireArguments('fans', { shape: [lengths, shape] })
  if (shape.length < 2) return { fanIn: sizeOf(shape), fanOut: sizeOf(shape) }
  const field = sizeOf(shape.slice(0, -2))
  return { fanIn: field * axisLength(shape, -2), fanOut: field * axisLength(shape, -1) }
}

/** Where a normal distribution is cut, in its standard deviations. */
const cut = 2

/**
 * The standard deviation of a standard normal distribution cut at ±2: √(1 − 4·φ(2) / (Φ(2) − Φ(−2))). Keras divides by the same number
 * (`scipy.stats.truncnorm.std(a=-2, b=2, loc=0, scale=1)`).
 */
const deviationOfCut = 0.87962566103423978

/** The starting value of the weight `name`: a function of the seed, the name and the shape alone. */
export function initialize(initializer: Initializer, shape: Shape, seed: number, name: string): Float32Array {
  requireArguments('initialize', {
    initializer: [initializerOption, initializer],
    shape: [shapeKind, shape],
    seed: [integer(0), seed],
    name: [text, name],
  })
  const data = new Float32Array(sizeOf(shape))
  const key = streamKey(seedWords(seed), `initializer/${name}`)
  switch (initializer.type) {
    case 'zeros':
      return data
    case 'ones':
      return data.fill(1)
    case 'constant':
      return data.fill(initializer.value)
    case 'randomUniform': {
      const { minimum, maximum } = initializer
      fillUniform(key, 0, data)
      return changed(data, maximum - minimum, minimum)
    }
    case 'randomNormal':
    case 'truncatedNormal': {
      const { mean, standardDeviation } = initializer
      fillNormal(key, data, initializer.type === 'truncatedNormal' ? cut : undefined)
      return changed(data, standardDeviation, mean)
    }
    default:
      return scaled(scalings[initializer.type], shape, key, data)
  }
}

function scaled({ scale, fan, distribution }: Scaling, shape: Shape, key: Words, data: Float32Array): Float32Array {
  const { fanIn, fanOut } = fans(shape)
  const variance = scale / (fan === 'in' ? fanIn : (fanIn + fanOut) / 2)
  if (distribution === 'uniform') {
    const limit = Math.sqrt(3 * variance)
    fillUniform(key, 0, data)
    return changed(data, 2, -1, limit)
  }
  const standardDeviation = Math.sqrt(variance) / deviationOfCut
  fillNormal(key, data, cut)
  return changed(data, standardDeviation, 0)
}

/** (x · factor + addend) · last of each number. */
function changed(data: Float32Array, factor: number, addend: number, last = 1): Float32Array {
  for (let index = 0; index < data.length; index++) data[index] = ((data[index] ?? 0) * factor + addend) * last
  return data
}
