import type { Model } from '@convzoo/core'
import { modelOption, requireArguments } from '@convzoo/core/define'
import { classSignal, type GradientOptions } from './gradients.js'
import { gradientRules } from './graph/rules.js'
import type { ClassMaps } from './maps.js'
import { mapLayersOf, mapsOfClasses } from './maps-of-classes.js'
import { type Network, requireNetwork } from './network.js'
import { gradCamOptions } from './options.js'

export interface GradCamOptions extends GradientOptions {
  /** A layer that gives maps; by default the last one that does and is wider than one place. */
  readonly layer?: string | undefined
}

/**
 * The last layer that gives maps wider than one place, which {@link gradCam} looks at by default; undefined where there is none.
 *
 * @example
 * const layer = lastMaps(run.model)
 */
export function lastMaps(model: Model): string | undefined {
  requireArguments('lastMaps', { model: [modelOption, model] })
  return mapLayersOf(model).at(-1)
}

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
  const { layer = mapLayersOf(model).at(-1) ?? '', of, ...explaining } = gradCamOptions.parse('gradCam', options)
  return mapsOfClasses(network, layer, explaining, (traced, maps) => {
    const { ops } = traced
    const gradients = classSignal(traced, { of, rules: gradientRules }, maps)
    const weights = ops.mean(gradients, { axes: [1, 2], keepDimensions: true })
    return ops.relu(ops.sum(ops.multiply(maps, weights), { axes: [3] }))
  })
}
