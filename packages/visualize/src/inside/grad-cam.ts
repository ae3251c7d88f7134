import { ConvzooError, type Model } from '@convzoo/core'
import { internalError } from '@convzoo/core/define'
import { explainedClasses, imagesAt, oneHot } from './explained-classes.js'
import { classSignal, type GradientOptions } from './gradients.js'
import { gradientRules } from './graph/rules.js'
import type { ClassMaps } from './maps.js'
import { compute, countOf, type Network, numbersOf, requireNetwork } from './network.js'
import { gradCamOptions } from './options.js'

export interface GradCamOptions extends GradientOptions {
  /** A layer that gives maps; by default the last one that does and is wider than one place. */
  readonly layer?: string | undefined
}

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
 * Grad-CAM (Selvaraju et al. 2017): the maps of a layer, each weighed by the mean gradient of a class's score over its places, summed and
 * rectified: where the network found what speaks for the class.
 *
 * @returns Maps of the layer's size; {@link resized} brings them to the image's.
 * @throws ConvzooError as {@link inputGradients} does, and of kind `option` for a layer that gives no maps.
 * @example
 * const maps = await gradCam(run, { images, layer: 'conv2d_5' })
 */
export async function gradCam(network: Network, options: GradCamOptions): Promise<ClassMaps> {
  const model = requireNetwork('gradCam', network)
  const { layer, of, ...explaining } = gradCamOptions.parse('gradCam', options)
  const { images, classes: _, ...looking } = explaining
  const chosen = layer ?? mapLayersOf(model).at(-1) ?? ''
  const [height, width] = mapShapeOf(model, chosen)
  const classes = await explainedClasses(network, explaining)
  const count = countOf(model, images)
  const values = new Float32Array(count * height * width)
  await compute(network, {
    ...looking,
    count,
    ask: (traced) => {
      const maps = traced.layer(chosen)
      const { ops } = traced
      const [samples = 0, ...rest] = maps.shape
      if (rest.length !== 3) throw internalError(`${chosen} gave no maps.`)
      const gradients = classSignal(traced, { of, rules: gradientRules }, maps)
      const weights = ops.mean(gradients, { axes: [1, 2], keepDimensions: true })
      const sums = ops.sum(ops.multiply(maps, weights), { axes: [3] })
      return { maps: ops.reshape(ops.relu(sums), [samples, height, width]) }
    },
    inputs: (from, size) => ({
      images: imagesAt(model, images, from, size),
      classes: oneHot(classes.slice(from, from + size), model.classes),
    }),
    take: (outputs, from) => values.set(numbersOf(outputs, 'maps'), from * height * width),
  })
  return { height, width, values, classes }
}
