import type { Model } from '../model/index.js'
import { modelOption } from '../model/index.js'
import { requireArguments } from '../options/index.js'
import { type Shape, sizeOf } from '../shape.js'
import { type ReceptiveField, receptiveFields } from './receptive-field.js'

/** What a layer costs for one sample. */
export interface LayerCost {
  readonly name: string
  readonly parameters: number
  /** Multiplications, each with its addition; over all applications. */
  readonly multiplyAdds: number
  /** Of its outputs in float32. */
  readonly activationBytes: number
  /** Of its last application; undefined in a network that does not begin with an image. */
  readonly receptiveField: ReceptiveField | undefined
}

/** What a network costs for one sample. */
export interface Cost {
  readonly layers: readonly LayerCost[]
  readonly totals: {
    readonly parameters: number
    readonly multiplyAdds: number
    /** Of all layers' outputs, the input included: what training keeps for the gradient if nothing is computed again. */
    readonly activationBytes: number
  }
}

const bytesOfFloat32 = 4

/**
 * Parameters, multiply-adds, memory of activations and receptive field of each layer, for one sample. Multiply-adds are those of
 * convolutions and dense layers and of whatever else declares some; biases, activations and pooling count nothing, as usual.
 *
 * @example
 * const { totals } = costOf(createModel('alexnet')) // totals.multiplyAdds is 1,135,256,096
 */
export function costOf(model: Model): Cost {
  requireArguments('costOf', { model: [modelOption, model] })
  const fieldOf = receptiveFields()
  const layers = model.layers.map(({ name, parameters, layer, applications }): LayerCost => {
    const last = applications.at(-1)
    return {
      name,
      parameters,
      multiplyAdds: sumOf(applications, ({ inputs, outputShape }) => {
        const [first, ...rest] = inputs.map(({ shape }): Shape => shape)
        return first === undefined ? 0 : layer.multiplyAdds([first, ...rest], outputShape)
      }),
      activationBytes: sumOf(applications, ({ outputShape }) => bytesOfFloat32 * sizeOf(outputShape)),
      receptiveField: last === undefined ? undefined : fieldOf(last),
    }
  })
  return {
    layers,
    totals: {
      parameters: sumOf(layers, ({ parameters }) => parameters),
      multiplyAdds: sumOf(layers, ({ multiplyAdds }) => multiplyAdds),
      activationBytes: sumOf(layers, ({ activationBytes }) => activationBytes),
    },
  }
}

function sumOf<T>(list: readonly T[], number: (each: T) => number): number {
  return list.reduce((sum, each) => sum + number(each), 0)
}
