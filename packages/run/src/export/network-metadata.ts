import type { OpenedNetwork } from '../opened/opened-network.js'
import { namesAsText } from '../weights/class-names.js'

/** What stands beside a network in its file, whose numbers it explains: whoever opens the file finds network, input, preprocessing and classes. */
export function metadataOf({ plan, classes }: OpenedNetwork, preprocessing: string): Readonly<Record<string, string>> {
  const { id, input } = plan.settings.network
  return {
    network: id,
    input: JSON.stringify(input),
    preprocessing,
    ...(classes === undefined ? {} : { classes: namesAsText(classes) }),
  }
}

/**
 * The metadata of a model. Its preprocessing is what is left to do for it: of a model that takes bytes the geometry, how a picture comes to the
 * input's size; else the arithmetic, too. Augmentation is training's, and a matrix that was fitted is too large for a text.
 */
export function metadataOfModel(run: OpenedNetwork, takesBytes: boolean): Readonly<Record<string, string>> {
  const { augmentation: _, whitening, mean, standardDeviation, ...geometry } = run.plan.preprocessing
  const { fitted: __, ...asked } = whitening ?? {}
  const arithmetic = { mean, standardDeviation, ...(whitening === undefined ? {} : { whitening: asked }) }
  const left = takesBytes ? geometry : { ...geometry, ...arithmetic }
  return { ...metadataOf(run, JSON.stringify(left)), images: takesBytes ? 'bytes' : 'preprocessed' }
}
