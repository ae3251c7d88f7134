import { concat, conv2d, type serialization, split, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core'
import { Convolution, type ConvolutionArguments } from './convolution.js'

interface Settings {
  readonly filters: number
  readonly groups: number
}

/**
 * A convolution of groups of channels that do not see each other, each with its share of the filters. Kernel [kh, kw, C / groups, filters],
 * bias [filters].
 */
export class GroupedConv2D extends Convolution {
  static readonly className = 'ConvzooGroupedConv2D'
  readonly #settings: Settings

  constructor({ filters, groups, ...common }: Settings & ConvolutionArguments) {
    super(common)
    this.#settings = { filters, groups }
  }

  protected override kernelOf(channels: number) {
    const { filters, groups } = this.#settings
    return { name: 'kernel', shape: [...this.geometry.kernelSize, channels / groups, filters] }
  }

  protected override filtersOf(): number {
    return this.#settings.filters
  }

  protected override convolve(x: Tensor4D, kernel: Tensor4D): Tensor {
    const { groups } = this.#settings
    const { strides, padding, dilationRate } = this.geometry
    const kernels = split<Tensor4D>(kernel, groups, 3)
    const sums = split<Tensor4D>(x, groups, 3).map((images, group) =>
      conv2d(images, kernels[group] ?? kernel, strides, padding, 'NHWC', dilationRate),
    )
    return concat(sums, 3)
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), ...this.#settings }
  }
}
