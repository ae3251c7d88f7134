import { max, mean, type serialization, type Tensor, tidy } from '@tensorflow/tfjs-core'
import { layers } from '@tensorflow/tfjs-layers'
import { type CommonArguments, type Shapes, type Tensors, theOnly, theOnlyShape } from './only.js'

interface Settings {
  readonly pool: 'average' | 'max'
}

/** One number of each channel of an image, whose height and width stay as 1: (H, W, C) → (1, 1, C). */
export class GlobalPooling2D extends layers.Layer {
  static readonly className = 'ConvzooGlobalPooling2D'
  readonly #settings: Settings

  constructor({ pool, ...common }: Settings & CommonArguments) {
    super(common)
    this.#settings = { pool }
  }

  override computeOutputShape(inputShape: Shapes): Shapes {
    const [batch = null, , , channels = null] = theOnlyShape(inputShape)
    return [batch, 1, 1, channels]
  }

  override call(inputs: Tensors): Tensor {
    const reduce = this.#settings.pool === 'max' ? max : mean
    return tidy(() => reduce(theOnly(inputs), [1, 2], true))
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), ...this.#settings }
  }
}
