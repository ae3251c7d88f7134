import type { ImageShape } from '@convzoo/core'
import { defineOptions, integer, optional, requireArguments, text } from '@convzoo/core/define'
import { pathOption } from '@convzoo/files'
import { imageShapeOption } from '../config/shapes.js'
import { listenerOptions, type RunListener, toldTo } from '../listener.js'
import { preprocessingOf } from '../network/preprocessing.js'
import { resolveArchitecture } from '../plugins/installed.js'
import { openSource, wholeSource } from '../source/open-source.js'

export interface PreviewDataOptions extends RunListener {
  /** An id; `alexnet` by default. */
  readonly network?: string | undefined
  /** [H, W, C] instead of the network's own input. */
  readonly input?: ImageShape | undefined
  /** `none`, `paper`, `modern`, or a list such as `randomCrop,horizontalFlip`; of photographs the network's own by default. */
  readonly augment?: string | undefined
  /** Pixels: resize so, then cut the input out; of photographs the network's own by default. */
  readonly shorterSide?: number | undefined
  /** How many; 6 by default. */
  readonly images?: number | undefined
  /** How many of each; 6 by default. */
  readonly epochs?: number | undefined
  /** Of the random numbers; 1 by default. */
  readonly seed?: number | undefined
}

export interface DataPreview {
  /** A PNG: a row an image, a column an epoch. */
  readonly png: Uint8Array
  /** How many images it shows. */
  readonly images: number
  readonly epochs: number
}

const previewOptions = defineOptions({
  ...listenerOptions,
  network: optional(text, 'alexnet'),
  input: optional(imageShapeOption),
  augment: optional(text),
  shorterSide: optional(integer(1)),
  images: optional(integer(1), 6),
  epochs: optional(integer(1), 6),
  seed: optional(integer(0), 1),
})

/**
 * A picture with images of a source as a network will see them in training.
 *
 * @param source The name of a set, a folder, an archive, an address.
 * @throws ConvzooError of kind `registry` if no installed package provides the network, of kind `file` or `data` if the images cannot be
 * read.
 * @example
 * const { png } = await previewData('flowers', { network: 'nin', augment: 'modern' })
 * writeFileSync('preview.png', png)
 */
export async function previewData(source: string, options: PreviewDataOptions = {}): Promise<DataPreview> {
  requireArguments('previewData', { source: [pathOption, source] })
  const given = previewOptions.parse('previewData', options)
  const { network: id, augment, shorterSide, images: wanted, epochs, seed, ...listener } = given
  const { contactSheet, sheetLayout } = await import('@convzoo/data/inspect')
  const network = await resolveArchitecture(id)
  const shape = given.input ?? network.tag.defaults.input
  const opened = await openSource({ source: wholeSource(source) }, toldTo(listener).warn)
  // What is whitened is nothing for people to look at.
  const { whitening: _, ...preprocessing } = preprocessingOf({ augment, shorterSide }, network, opened, shape)
  const dataset = await opened.load('train', { imageShape: shape, preprocessing, limit: wanted, allowOneClass: true })
  const indices = Array.from({ length: Math.min(wanted, dataset.length) }, (_, index) => index)
  // A sheet that would be too large is refused before there is memory for it.
  sheetLayout(indices.length * epochs, { shape, columns: epochs })
  const size = shape[0] * shape[1] * shape[2]
  const seen = new Float32Array(indices.length * epochs * size)
  for (let epoch = 0; epoch < epochs; epoch++) {
    const { images } = await dataset.batch(indices, { training: true, seed, epoch })
    for (const row of indices) seen.set(images.subarray(row * size, (row + 1) * size), (row * epochs + epoch) * size)
  }
  await dataset.dispose?.()
  return { png: await contactSheet(seen, { shape, preprocessing, columns: epochs }), images: indices.length, epochs }
}
