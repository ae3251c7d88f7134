import { ConvzooError, type Shape } from '@convzoo/core'
import { matching } from '@convzoo/core/define'
import { convolutionsOf } from './convolutions.js'
import { isOfShape } from './kinds.js'
import { type Network, requireNetwork } from './network.js'
import { filtersOptions } from './options.js'

export interface FiltersOptions {
  /** A convolution; the first by default. */
  readonly layer?: string | undefined
}

/** The kernels of a convolution: [kh, kw, channels, filters], or of its part of the channels, where it has groups. */
export interface Filters {
  readonly layer: string
  readonly shape: Shape
  readonly values: Float32Array
}

export const filtersKind = matching('what filters gives', (given): given is Filters => isOfShape(given))

/**
 * The filters of a convolution: by default of the first, which sees pixels.
 *
 * @throws ConvzooError of kind `option` for a layer without filters.
 * @example
 * const { shape, values } = await filters(run)
 */
export async function filters(network: Network, options: FiltersOptions = {}): Promise<Filters> {
  const model = requireNetwork('filters', network)
  const { layer } = filtersOptions.parse('filters', options)
  const having = convolutionsOf(model)
  const chosen = layer === undefined ? having[0] : having.find(({ name }) => name === layer)
  if (chosen === undefined) {
    throw new ConvzooError({
      kind: 'option',
      message: layer === undefined ? `${model.name} has no convolution.` : `The layer "${layer}" has no filters.`,
      expected:
        having.length === 0 ? 'a network with a convolution' : `one of ${having.map(({ name }) => name).join(', ')}`,
      received: layer ?? model.name,
    })
  }
  for await (const { name, shape, data } of network.readWeights()) {
    if (name === `${chosen.name}/kernel`) return { layer: chosen.name, shape, values: data }
  }
  throw new ConvzooError({ kind: 'state', message: `There are no weights of ${chosen.name}.` })
}
