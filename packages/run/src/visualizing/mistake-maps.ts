import type { Dataset } from '@convzoo/core'
import type { Mistake } from '@convzoo/trainer'
import { countOf, type Look, leastWidth, type PictureOf } from './pictures.js'

/** What a network looked at for its mistakes: PNGs of an image, what spoke for the class that it was taken for, and what for its own. */
export interface MistakeMaps {
  /** The layer whose maps are shown. */
  readonly layer: string
  /** One a mistake. */
  readonly pngs: readonly Uint8Array[]
}

/** Grad-CAM of mistakes; undefined of a network without maps, and where there are no mistakes. */
export async function drawMistakeMaps(
  { inside, network, draw }: Look,
  dataset: Dataset,
  mistakes: readonly Mistake[],
  pictureOf: PictureOf,
): Promise<MistakeMaps | undefined> {
  const layer = inside.lastMaps(network.model)
  if (mistakes.length === 0 || layer === undefined) return undefined
  const batch = await dataset.batch(mistakes.map(({ index }) => index))
  const seen = { images: batch.images.slice(), layer }
  dataset.recycle?.(batch)
  const mapsFor = (label: (mistake: Mistake) => number) =>
    inside.gradCam(network, { ...seen, classes: mistakes.map(label) })
  const [taken, own] = [await mapsFor(({ predicted }) => predicted), await mapsFor(({ truth }) => truth)]
  const pngs: Uint8Array[] = []
  for (const index of mistakes.keys()) {
    const parts = [taken, own].map((maps) => inside.overlaid(pictureOf(index), inside.nthMap(maps, index)))
    const tiles = inside.joined([pictureOf(index), ...parts])
    pngs.push(await draw(tiles, countOf(tiles), leastWidth.image))
  }
  return { layer, pngs }
}
