import { depthwiseConv2d, type serialization, type Tensor, type Tensor4D } from '@tensorflow/tfjs-core'
import { Convolution, type ConvolutionArguments } from './convolution.js'

interface Settings {
  readonly depthMultiplier: number
}

/** A convolution of each channel by itself, dilated: the one of LayersModel takes dilations and ignores them. Kernel [kh, kw, C, multiplier]. */
export class DilatedDepthwiseConv2D extends Convolution {
  static readonly className = 'ConvzooDilatedDepthwiseConv2D'
  readonly #settings: Settings

  constructor({ depthMultiplier, ...common }: Settings & ConvolutionArguments) {
    super(common)
    this.#settings = { depthMultiplier }
  }

  protected override kernelOf(channels: number) {
    const shape = [...this.geometry.kernelSize, channels, this.#settings.depthMultiplier]
    return { name: 'depthwise_kernel', shape }
  }

  protected override filtersOf(channels: number): number {
    return channels * this.#settings.depthMultiplier
  }

  protected override convolve(x: Tensor4D, kernel: Tensor4D): Tensor {
    const { strides, padding, dilationRate } = this.geometry
    return depthwiseConv2d(x, kernel, strides, padding, 'NHWC', dilationRate)
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), ...this.#settings }
  }
}
