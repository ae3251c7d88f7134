import { ConvzooError, type Model, type ModelLayer } from '@convzoo/core'
import { modelOption, requireArguments } from '@convzoo/core/define'

/** The layers with filters, in their order. */
export const convolutionsOf = ({ layers, weights }: Model): readonly ModelLayer[] =>
  layers.filter(({ name }) => weights.some((weight) => weight.name === `${name}/kernel` && weight.shape.length === 4))

/** The first layer with filters: it sees pixels. */
export function firstConvolution(model: Model): string {
  requireArguments('firstConvolution', { model: [modelOption, model] })
  return required(model, convolutionsOf(model).at(0))
}

/** The last one. */
export function lastConvolution(model: Model): string {
  requireArguments('lastConvolution', { model: [modelOption, model] })
  return required(model, convolutionsOf(model).at(-1))
}

function required({ name }: Model, layer: ModelLayer | undefined): string {
  if (layer !== undefined) return layer.name
  throw new ConvzooError({
    kind: 'option',
    message: `${name} has no convolution.`,
    expected: 'a network with a convolution, or the name of a layer',
    received: name,
  })
}
