import {
  add,
  cast,
  div,
  greater,
  matMul,
  mean,
  mul,
  norm,
  reshape,
  type serialization,
  sub,
  type Tensor,
  tidy,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core'
import { initializers, type LayerVariable, layers } from '@tensorflow/tfjs-layers'
import { type CommonArguments, type Shapes, type Tensors, theOnly, theOnlyShape } from './only.js'

interface Settings {
  /** Of a mean image; otherwise there is an offset a channel. */
  readonly offsetByPlace: boolean
  /** What the norm of each picture becomes; null where none is whitened. */
  readonly contrast: number | null
  /** A picture of a smaller norm is of one colour. */
  readonly leastNorm: number | null
}

interface Whitening {
  readonly contrast: number
  readonly leastNorm: number
  readonly mean: LayerVariable
  readonly matrix: LayerVariable
}

/**
 * Bytes, 0 to 255, as a network sees them: value · scale + offset, by channel or, for a mean image, by place; then, where pictures are
 * whitened, (x − its mean) · contrast / ‖x − its mean‖, less the mean of training pictures, times a matrix.
 */
export class Preprocessing extends layers.Layer {
  static readonly className = 'ConvzooPreprocessing'
  readonly #settings: Settings
  #scale: LayerVariable | undefined
  #offset: LayerVariable | undefined
  #whitening: Whitening | undefined

  constructor({ offsetByPlace, contrast, leastNorm, ...common }: Settings & CommonArguments) {
    super(common)
    this.#settings = { offsetByPlace, contrast, leastNorm }
  }

  override build(inputShape: Shapes): void {
    const [, ...image] = theOnlyShape(inputShape).map((length) => length ?? 1)
    const { offsetByPlace, contrast, leastNorm } = this.#settings
    const values = image.reduce((product, length) => product * length, 1)
    const constant = (name: string, shape: number[]): LayerVariable =>
      this.addWeight(name, shape, 'float32', initializers.zeros(), undefined, false)
    this.#scale = constant('scale', image.slice(-1))
    this.#offset = constant('offset', offsetByPlace ? image : image.slice(-1))
    if (contrast !== null && leastNorm !== null) {
      const [average, matrix] = [constant('mean', [values]), constant('matrix', [values, values])]
      this.#whitening = { contrast, leastNorm, mean: average, matrix }
    }
    this.built = true
  }

  override computeOutputShape(inputShape: Shapes): Shapes {
    return theOnlyShape(inputShape)
  }

  override call(inputs: Tensors): Tensor {
    return tidy(() => {
      const bytes = cast(theOnly(inputs), 'float32')
      const [scale, offset] = [this.#scale, this.#offset]
      if (scale === undefined || offset === undefined) throw new Error(`${this.name} was called before it was built.`)
      const seen = add(mul(bytes, scale.read()), offset.read())
      return this.#whitening === undefined ? seen : whitened(seen, this.#whitening)
    })
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), ...this.#settings }
  }
}

function whitened(seen: Tensor, { contrast, leastNorm, mean: average, matrix }: Whitening): Tensor {
  const rows = reshape(seen, [seen.shape[0] ?? 1, -1])
  const centred = sub(rows, mean(rows, 1, true))
  const length = norm(centred, 'euclidean', 1, true)
  const factor = where(greater(length, leastNorm), div(contrast, length), zerosLike(length))
  return reshape(matMul(sub(mul(centred, factor), average.read()), matrix.read()), seen.shape)
}
