import { reshape, type serialization, type Tensor, tidy, transpose } from '@tensorflow/tfjs-core'
import { layers } from '@tensorflow/tfjs-layers'
import { type CommonArguments, type Shapes, type Tensors, theOnly, theOnlyShape } from './only.js'

interface Settings {
  readonly groups: number
}

/** Deals out channels that lie in groups: channel g · n + i, of n in a group, goes to i · groups + g. */
export class ChannelShuffle extends layers.Layer {
  static readonly className = 'ConvzooChannelShuffle'
  readonly #settings: Settings

  constructor({ groups, ...common }: Settings & CommonArguments) {
    super(common)
    this.#settings = { groups }
  }

  override computeOutputShape(inputShape: Shapes): Shapes {
    return theOnlyShape(inputShape)
  }

  override call(inputs: Tensors): Tensor {
    const { groups } = this.#settings
    return tidy(() => {
      const x = theOnly(inputs)
      const grouped = reshape(x, [-1, groups, (x.shape.at(-1) ?? 1) / groups])
      return reshape(transpose(grouped, [0, 2, 1]), x.shape)
    })
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), ...this.#settings }
  }
}
