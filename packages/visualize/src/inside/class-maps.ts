import { ConvzooError, type Model } from '@convzoo/core'
import type { Explaining } from './explained-classes.js'
import type { ClassMaps } from './maps.js'
import { mapsOfClasses } from './maps-of-classes.js'
import { type Network, requireNetwork } from './network.js'
import { explainingOptions } from './options.js'

/**
 * The maps from which a network reads its classes, where it ends in their means: one for each class (Lin et al. 2014, §3.2). They are there, and are
 * shown as they are.
 *
 * @throws ConvzooError as {@link inputGradients} does, and of kind `option` for a network that does not end in global average pooling over its classes.
 * @example
 * const maps = await classMaps(run, { images })
 */
export async function classMaps(network: Network, options: Explaining): Promise<ClassMaps> {
  const model = requireNetwork('classMaps', network)
  const explaining = explainingOptions.parse('classMaps', options)
  return mapsOfClasses(network, classMapLayerOf(model), explaining, ({ builder, ops }, maps) => {
    const [samples = 1, , , classes = 1] = maps.shape
    const picked = builder.input('classes', { shape: [samples, classes], dtype: 'float32' })
    return ops.sum(ops.multiply(maps, ops.reshape(picked, [samples, 1, 1, classes])), { axes: [3] })
  })
}

/** The layer whose maps are averaged into the classes. */
function classMapLayerOf(model: Model): string {
  const pooling = model.layers.findLast(({ layer: { type } }) => type === 'globalAveragePooling2d')
  const [before] = pooling?.applications.at(-1)?.inputs ?? []
  const name = before?.application.owner.name
  const channels = pooling?.outputShape.at(-1)
  const after = pooling === undefined ? [] : model.layers.slice(model.layers.indexOf(pooling) + 1)
  if (name !== undefined && channels === model.classes && after.every(({ parameters }) => parameters === 0)) return name
  throw new ConvzooError({
    kind: 'option',
    message: `${model.name} has no map for each class.`,
    expected: 'a network that ends in the means of one map a class, such as nin',
    hint: 'use gradCam, which finds such maps in any network with convolutions',
  })
}
