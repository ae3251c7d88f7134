import type { Shape } from '@convzoo/core'
import { ConvzooError, type Model } from '@convzoo/core'
import { matching, sizeOf } from '@convzoo/core/define'
import { imagesAt } from './explained-classes.js'
import { isOfShape } from './kinds.js'
import { countOf, type Looking, type Network, requireNetwork } from './network.js'
import { activationsOptions } from './options.js'
import { compute, numbersOf } from './passes.js'

export interface ActivationsOptions extends Looking {
  readonly layer: string
  /** [N, H, W, C], preprocessed. */
  readonly images: Float32Array
}

/** What a layer gives for images. */
export interface Activations {
  /** Of one image: [h, w, c] of maps, [units] of a dense layer. */
  readonly shape: Shape
  /** [N, …shape]. */
  readonly values: Float32Array
}

export const activationsKind = matching('what activations gives', (given): given is Activations => isOfShape(given))

/** What a layer of a model gives for one image. */
export function outputShapeOf({ name, layers }: Model, layer: string): Shape {
  const found = layers.find((each) => each.name === layer)
  if (found !== undefined) return found.outputShape
  throw new ConvzooError({
    kind: 'option',
    message: `The network ${name} has no layer "${layer}".`,
    expected: `one of ${layers.map((each) => each.name).join(', ')}`,
    received: layer,
  })
}

/**
 * What a layer gives for images: [N, H, W, C], preprocessed.
 *
 * @throws ConvzooError of kind `option` for a layer that the network does not have, of kind `shape` for no whole images.
 * @example
 * const { shape, values } = await activations(run, { layer: 'conv2d_1', images })
 */
export async function activations(network: Network, options: ActivationsOptions): Promise<Activations> {
  const model = requireNetwork('activations', network)
  const { layer, images, ...looking } = activationsOptions.parse('activations', options)
  const shape = outputShapeOf(model, layer)
  const count = countOf(model, images)
  const values = new Float32Array(count * sizeOf(shape))
  await compute(network, {
    ...looking,
    count,
    ask: (traced) => ({ activations: traced.layer(layer) }),
    inputs: (from, size) => ({ images: imagesAt(model, images, from, size) }),
    take: (outputs, from) => values.set(numbersOf(outputs, 'activations'), from * sizeOf(shape)),
  })
  return { shape, values }
}
