import type { Model, ModelLayer } from '../model/index.js'
import { modelOption } from '../model/index.js'
import { requireArguments } from '../options/index.js'
import { type Shape, sizeOf } from '../shape.js'

/** A layer's row in a summary. */
export interface SummaryRow {
  readonly name: string
  /** The layer's kind: `conv2d`. */
  readonly type: string
  /** Its class in Keras: `Conv2D`. */
  readonly keras: string
  /** Without the batch axis. */
  readonly outputShape: Shape
  readonly parameters: number
  /** What it is applied to: `conv2d_1[0][0]` is the first tensor of the first application of conv2d_1. */
  readonly inputs: readonly string[]
}

export interface SummaryTotals {
  readonly parameters: number
  readonly trainable: number
  readonly nonTrainable: number
}

/** What a network consists of. */
export interface Summary {
  readonly name: string
  readonly layers: readonly SummaryRow[]
  readonly totals: SummaryTotals
  /** Whether each layer simply follows the one before. */
  readonly sequential: boolean
}

/** A model's layers, shapes and counts. */
export function summarize(model: Model): Summary {
  requireArguments('summarize', { model: [modelOption, model] })
  const count = (trainable: boolean): number =>
    model.weights
      .filter((weight) => weight.trainable === trainable)
      .reduce((total, { shape }) => total + sizeOf(shape), 0)
  return {
    name: model.name,
    layers: model.layers.map((layer) => ({
      name: layer.name,
      type: layer.layer.type,
      keras: layer.layer.keras,
      outputShape: layer.outputShape,
      parameters: layer.parameters,
      inputs: layer.applications.flatMap(({ inputs }) =>
        inputs.map(({ application }) => `${application.owner.name}[${application.index}][0]`),
      ),
    })),
    totals: { parameters: count(true) + count(false), trainable: count(true), nonTrainable: count(false) },
    sequential: isSequential(model.layers),
  }
}

/** Keras' test: one application at every depth, with one input each, and no layer applied twice. */
function isSequential(layers: readonly ModelLayer[]): boolean {
  return layers.every(({ applications }, index) => {
    const [application] = applications
    const expected = index === 0 ? [] : [layers[index - 1]?.name]
    const received = application?.inputs.map((input) => input.application.owner.name) ?? []
    return (
      applications.length === 1 &&
      received.length === expected.length &&
      received.every((name, i) => name === expected[i])
    )
  })
}
