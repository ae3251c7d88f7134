import type { Model } from '@convzoo/core'
import { ConvzooError } from '@convzoo/core'
import type { Value } from '@convzoo/core/define'
import { explain, type ParsedExplaining } from './explained-classes.js'
import type { TracedNetwork } from './graph/traced-network.js'
import type { ClassMaps } from './maps.js'
import { countOf, type Network } from './network.js'
import { numbersOf } from './passes.js'

/** The shape of the maps that a layer gives, [height, width, channels]. */
export function mapShapeOf(model: Model, layer: string): readonly [number, number, number] {
  const [height, width, channels] = model.layers.find(({ name }) => name === layer)?.outputShape ?? []
  if (height !== undefined && width !== undefined && channels !== undefined) return [height, width, channels]
  const known = model.layers.some(({ name }) => name === layer)
  throw new ConvzooError({
    kind: 'option',
    message: known ? `The layer ${layer} gives no maps.` : `The network has no layer "${layer}".`,
    expected: `one of ${mapLayersOf(model).join(', ')}`,
    received: layer,
  })
}

/** The layers that give maps wider than one place, in their order; what the network takes is none. */
export const mapLayersOf = ({ layers }: Model): readonly string[] =>
  layers
    .filter(({ layer: { type }, outputShape: [height = 0, width = 0, channels] }) => {
      return type !== 'input' && channels !== undefined && height * width > 1
    })
    .map(({ name }) => name)

/**
 * Of each image one map, [N, height, width], that `make` makes of all maps of a layer, [N, height, width, channels]. The input `classes`
 * [N, classes] picks the class that is explained, which `make` declares.
 */
export async function mapsOfClasses(
  network: Network,
  layer: string,
  explaining: ParsedExplaining,
  make: (traced: TracedNetwork, maps: Value) => Value,
): Promise<ClassMaps> {
  const { model } = network
  const [height, width] = mapShapeOf(model, layer)
  const values = new Float32Array(countOf(model, explaining.images) * height * width)
  const classes = await explain(network, explaining, {
    ask: (traced) => ({ maps: make(traced, traced.layer(layer)) }),
    take: (outputs, from) => values.set(numbersOf(outputs, 'maps'), from * height * width),
  })
  return { height, width, values, classes }
}
