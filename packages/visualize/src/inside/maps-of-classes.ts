import type { Model } from '@convzoo/core'
import { ConvzooError } from '@convzoo/core'
import type { Value } from '@convzoo/core/define'
import { classesPass, explainedClasses, imagesAt, oneHot, type ParsedExplaining } from './explained-classes.js'
import type { TracedNetwork } from './graph/traced-network.js'
import type { ClassMaps } from './maps.js'
import { countOf, type Network } from './network.js'
import { inPasses, numbersOf } from './passes.js'

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
  const { images, onProgress } = explaining
  const [height, width] = mapShapeOf(model, layer)
  const count = countOf(model, images)
  const ask = (traced: TracedNetwork) => ({ maps: make(traced, traced.layer(layer)) })
  const passes = { classes: classesPass(model, explaining), maps: { ask, counts: [count] } }
  return inPasses(network, explaining, passes, async (pass) => {
    const classes = await explainedClasses(model, explaining, pass)
    const values = new Float32Array(count * height * width)
    await pass('maps', {
      count,
      onProgress,
      inputs: (from, size) => ({
        images: imagesAt(model, images, from, size),
        classes: oneHot(classes.slice(from, from + size), model.classes),
      }),
      take: (outputs, from) => values.set(numbersOf(outputs, 'maps'), from * height * width),
    })
    return { height, width, values, classes }
  })
}
