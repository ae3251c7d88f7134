import { ConvzooError, type Model } from '@convzoo/core'
import { type Explaining, explainedClasses, imagesAt } from './explained-classes.js'
import { mapShapeOf } from './grad-cam.js'
import type { ClassMaps } from './maps.js'
import { compute, countOf, type Network, numbersOf, requireNetwork } from './network.js'
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
  const { images, classes: _, ...looking } = explaining
  const layer = classMapLayerOf(model)
  const [height, width, channels] = mapShapeOf(model, layer)
  const classes = await explainedClasses(network, explaining)
  const count = countOf(model, images)
  const values = new Float32Array(count * height * width)
  await compute(network, {
    ...looking,
    count,
    ask: (traced) => ({ maps: traced.layer(layer) }),
    inputs: (from, size) => ({ images: imagesAt(model, images, from, size) }),
    take: (outputs, from, size) => {
      const all = numbersOf(outputs, 'maps')
      const places = height * width
      for (let row = 0; row < size; row++) {
        const label = classes[from + row] ?? 0
        for (let place = 0; place < places; place++)
          values[(from + row) * places + place] = all[(row * places + place) * channels + label] ?? 0
      }
    },
  })
  return { height, width, values, classes }
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
