import { add, elu, minimum, mul, relu, type serialization, type Tensor, tidy } from '@tensorflow/tfjs-core'
import { layers } from '@tensorflow/tfjs-layers'
import { type CommonArguments, type Shapes, type Tensors, theOnly, theOnlyShape } from './only.js'

interface Settings {
  readonly alpha: number
}

/** x where it is positive, alpha · (exp(x) − 1) elsewhere; LayersModel's own knows an alpha of 1 alone. */
export class ScaledElu extends layers.Layer {
  static readonly className = 'ConvzooScaledElu'
  readonly #settings: Settings

  constructor({ alpha, ...common }: Settings & CommonArguments) {
    super(common)
    this.#settings = { alpha }
  }

  override computeOutputShape(inputShape: Shapes): Shapes {
    return theOnlyShape(inputShape)
  }

  override call(inputs: Tensors): Tensor {
    return tidy(() => {
      const x = theOnly(inputs)
      return add(relu(x), mul(elu(minimum(x, 0)), this.#settings.alpha))
    })
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), ...this.#settings }
  }
}
