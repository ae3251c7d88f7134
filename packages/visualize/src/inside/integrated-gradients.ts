import type { Attribution, GradientOptions } from './gradients.js'
import { meanGradients } from './mean-gradients.js'
import { type Network, requireNetwork } from './network.js'
import { integratedOptions } from './options.js'

export interface IntegratedGradientsOptions extends GradientOptions {
  /** Places on the way from the baseline to the image; 50 by default. */
  readonly steps?: number | undefined
  /** What nothing looks like, in the numbers of a preprocessed image: 0 by default, which is the mean where a mean was subtracted. */
  readonly baseline?: number | undefined
}

/**
 * Integrated gradients (Sundararajan et al. 2017): the gradients on the straight way from a baseline to an image, times what differs. All of an
 * image's numbers together are what its score is more than that of the baseline, but for the width of the steps (midpoint rule).
 *
 * @throws ConvzooError as {@link inputGradients} does, and of kind `option` for bad options.
 * @example
 * const { values } = await integratedGradients(run, { images, steps: 100 })
 */
export async function integratedGradients(network: Network, options: IntegratedGradientsOptions): Promise<Attribution> {
  requireNetwork('integratedGradients', network)
  const { steps, baseline, ...explaining } = integratedOptions.parse('integratedGradients', options)
  const { values, classes } = await meanGradients(network, explaining, steps, (image) => (out, step) => {
    const part = (step + 0.5) / steps
    for (let index = 0; index < image.length; index++) out[index] = baseline + part * ((image[index] ?? 0) - baseline)
  })
  return { values: values.map((mean, index) => mean * ((explaining.images[index] ?? 0) - baseline)), classes }
}
