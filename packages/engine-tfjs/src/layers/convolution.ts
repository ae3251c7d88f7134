import { add, reshape, type serialization, type Tensor, type Tensor4D, tidy } from '@tensorflow/tfjs-core'
import { initializers, type LayerVariable, layers } from '@tensorflow/tfjs-layers'
import { type CommonArguments, type Shapes, type Tensors, theOnly, theOnlyShape } from './only.js'

type Pair = [number, number]

/** What all layers that convolve are told, as LayersModel calls it. */
export interface ConvolutionArguments extends CommonArguments {
  readonly kernelSize: Pair
  readonly strides: Pair
  readonly padding: 'valid' | 'same'
  readonly dilationRate: Pair
  readonly activation: NonNullable<Parameters<typeof layers.activation>[0]['activation']>
  readonly useBias: boolean
}

/** A convolution that LayersModel lacks: it has a kernel, a bias and an activation, as those that it has. */
export abstract class Convolution extends layers.Layer {
  protected readonly geometry: Pick<ConvolutionArguments, 'kernelSize' | 'strides' | 'padding' | 'dilationRate'>
  readonly #activation: layers.Layer
  readonly #said: Pick<ConvolutionArguments, 'activation' | 'useBias'>
  #kernel: LayerVariable | undefined
  #bias: LayerVariable | undefined

  constructor({ kernelSize, strides, padding, dilationRate, activation, useBias, ...common }: ConvolutionArguments) {
    super(common)
    this.geometry = { kernelSize, strides, padding, dilationRate }
    this.#said = { activation, useBias }
    this.#activation = layers.activation({ activation })
  }

  /** What the kernel is called, and its shape for so many channels. */
  protected abstract kernelOf(channels: number): { readonly name: string; readonly shape: number[] }
  protected abstract filtersOf(channels: number): number
  protected abstract convolve(x: Tensor4D, kernel: Tensor4D): Tensor

  override build(inputShape: Shapes): void {
    const channels = theOnlyShape(inputShape).at(-1) ?? 1
    const { name, shape } = this.kernelOf(channels)
    this.#kernel = this.addWeight(name, shape, 'float32', initializers.glorotUniform({}))
    const filters = this.filtersOf(channels)
    if (this.#said.useBias) this.#bias = this.addWeight('bias', [filters], 'float32', initializers.zeros())
    this.built = true
  }

  override computeOutputShape(inputShape: Shapes): Shapes {
    const [batch = null, height, width, channels] = theOnlyShape(inputShape)
    const lengths = [height, width].map((length, axis) => this.#lengthAfter(length ?? null, axis))
    return [batch, ...lengths, this.filtersOf(channels ?? 1)]
  }

  override call(inputs: Tensors): Tensors {
    return tidy(() => {
      const kernel = this.#kernel
      if (kernel === undefined) throw new Error(`The layer ${this.name} was called before it was built.`)
      const sum = this.convolve(asImages(theOnly(inputs)), asImages(kernel.read()))
      return this.#activation.call(this.#bias === undefined ? sum : add(sum, this.#bias.read()), {})
    })
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), ...this.geometry, ...this.#said }
  }

  #lengthAfter(length: number | null, axis: number): number | null {
    if (length === null) return null
    const { kernelSize, strides, padding, dilationRate } = this.geometry
    const stride = strides[axis] ?? 1
    const reach = ((kernelSize[axis] ?? 1) - 1) * (dilationRate[axis] ?? 1) + 1
    return Math.ceil((padding === 'same' ? length : length - reach + 1) / stride)
  }
}

/** A tensor of rank 4. */
function asImages(x: Tensor): Tensor4D {
  const [first = 1, second = 1, third = 1, fourth = 1] = x.shape
  return reshape(x, [first, second, third, fourth])
}
