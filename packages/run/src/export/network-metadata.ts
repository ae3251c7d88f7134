import type { OpenedNetwork } from '../opened/opened-network.js'
import { namesAsText } from '../weights/class-names.js'

/** What stands beside a network in its file, whose numbers it explains: whoever opens the file finds network, input, preprocessing and classes. */
export function metadataOf(
  { plan, classes }: OpenedNetwork,
  preprocessing = preprocessingAsText(plan),
): Readonly<Record<string, string>> {
  const { id, input } = plan.settings.network
  return {
    network: id,
    input: JSON.stringify(input),
    preprocessing,
    ...(classes === undefined ? {} : { classes: namesAsText(classes) }),
  }
}

/** In words for other software: without augmentation, which is training's, and without the matrix that was fitted. */
function preprocessingAsText({ preprocessing }: OpenedNetwork['plan']): string {
  const { augmentation: _, whitening, ...plain } = preprocessing
  const { fitted: __, ...asked } = whitening ?? {}
  return JSON.stringify({ ...plain, ...(whitening === undefined ? {} : { whitening: asked }) })
}
