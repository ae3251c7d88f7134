import type { Attribution, GradientOptions } from './gradients.js'
import { meanGradients } from './mean-gradients.js'
import { type Network, requireNetwork } from './network.js'
import { Noise } from './noise.js'
import { smoothGradOptions } from './options.js'

export interface SmoothGradOptions extends GradientOptions {
  /** Noisy copies of each image; 50 by default. */
  readonly samples?: number | undefined
  /** The standard deviation of the noise as a part of the image's range; 0.15 by default. */
  readonly noise?: number | undefined
  /** Of the noise; 1 by default. */
  readonly seed?: number | undefined
}

/**
 * SmoothGrad (Smilkov et al. 2017): the mean of the gradients of noisy copies of an image, which is less ragged than that of the image. The noise of a copy
 * is the same for all images, by their range: what comes out for one does not depend on those that come with it.
 *
 * @throws ConvzooError as {@link inputGradients} does, and of kind `option` for bad options.
 * @example
 * const { values } = await smoothGrad(run, { images, samples: 25 })
 */
export async function smoothGrad(network: Network, options: SmoothGradOptions): Promise<Attribution> {
  requireNetwork('smoothGrad', network)
  const { samples, noise, seed, ...explaining } = smoothGradOptions.parse('smoothGrad', options)
  const drawn = new Noise(seed)
  return meanGradients(network, explaining, samples, (image) => {
    const deviation = noise * rangeOf(image)
    return (out, copy) => {
      const field = drawn.of(copy, out.length)
      for (let index = 0; index < out.length; index++) {
        out[index] = (image[index] ?? 0) + deviation * (field[index] ?? 0)
      }
    }
  })
}

function rangeOf(values: Float32Array): number {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    if (value < least) least = value
    if (value > most) most = value
  }
  return most - least
}
