import {
  add,
  addN,
  div,
  mul,
  pad,
  pow,
  reshape,
  type serialization,
  slice,
  square,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core'
import { layers } from '@tensorflow/tfjs-layers'
import { type CommonArguments, type Shapes, type Tensors, theOnly, theOnlyShape } from './only.js'

interface Settings {
  readonly depthRadius: number
  readonly bias: number
  readonly alpha: number
  readonly beta: number
}

/**
 * y_c = x_c / (bias + alpha · Σ x_j²)^beta over the channels j, of the last axis, from c − depthRadius to c + depthRadius that exist. Of
 * kernels that every backend has: few have one of their own for it.
 */
export class LocalResponseNormalization extends layers.Layer {
  static readonly className = 'ConvzooLocalResponseNormalization'
  readonly #settings: Settings

  constructor({ depthRadius, bias, alpha, beta, ...common }: Settings & CommonArguments) {
    super(common)
    this.#settings = { depthRadius, bias, alpha, beta }
  }

  override computeOutputShape(inputShape: Shapes): Shapes {
    return theOnlyShape(inputShape)
  }

  override call(inputs: Tensors): Tensor {
    const { depthRadius: radius, bias, alpha, beta } = this.#settings
    return tidy(() => {
      const x = theOnly(inputs)
      const channels = x.shape.at(-1) ?? 1
      const squares = pad(reshape(square(x), [-1, channels]), [
        [0, 0],
        [radius, radius],
      ])
      const near = Array.from({ length: 2 * radius + 1 }, (_, start) => slice(squares, [0, start], [-1, channels]))
      const sum = reshape(addN(near), x.shape)
      return div(x, pow(add(mul(sum, alpha), bias), beta))
    })
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), ...this.#settings }
  }
}
