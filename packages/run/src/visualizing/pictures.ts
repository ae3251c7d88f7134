import type { Dataset, Preprocessing } from '@convzoo/core'
import type * as Inside from '@convzoo/visualize/inside'
import type { OpenedNetwork } from '../opened/opened-network.js'
import type { UsedPlan } from '../plan.js'
import { orNotInstalled } from '../plugins/not-installed.js'

/** Pixels of a picture of an image, of a part of one, and of one map of many, at least. */
export const leastWidth = { image: 160, part: 80, map: 40 } as const

/** A picture of what a network saw. */
export interface VisualizedPicture {
  /** For a file, without its ending: `grad-cam-1`. */
  readonly name: string
  readonly png: Uint8Array
  /** What it shows, in words. */
  readonly caption: string
}

/** A PNG of pictures in so many columns; small ones are enlarged until each is at least so many pixels wide. */
type Draw = (tiles: Inside.Tiles, columns: number, least: number) => Promise<Uint8Array>

/** What looks into a network, the network as it takes it, and what draws. */
export interface Look {
  readonly inside: typeof Inside
  readonly network: Inside.Network
  readonly draw: Draw
}

/** A look into a network that is opened. */
export async function lookInto(run: OpenedNetwork): Promise<Look> {
  await run.ready({})
  return lookAt(run)
}

/** @throws ConvzooError of kind `registry`, with what to install, where `@convzoo/visualize` is not there. */
export async function lookAt(network: Inside.Network): Promise<Look> {
  const inside = await import('@convzoo/visualize/inside').catch(orNotInstalled('@convzoo/visualize'))
  const { contactSheet } = await import('@convzoo/data/inspect')
  return {
    inside,
    network,
    draw: (tiles, columns, least) => {
      const { height, width, values } = inside.enlarged(tiles, Math.max(1, Math.ceil(least / tiles.width)))
      return contactSheet(values, { shape: [height, width, 3], columns })
    },
  }
}

/** How many pictures there are. */
export const countOf = ({ height, width, values }: Inside.Tiles): number => values.length / (height * width * 3)

/** A picture of each image of a few, by its place among them. */
export type PictureOf = (index: number) => Inside.Tiles

/** Images at these places as they were before they were normalised. */
export async function picturesOf(
  preprocessing: Preprocessing,
  images: Dataset,
  places: readonly number[],
): Promise<PictureOf> {
  const { displayedImages } = await import('@convzoo/data/inspect')
  const { imageShape: shape } = images
  const [height, width] = shape
  const { whitening: _, ...plain } = preprocessing
  const batch = await images.batch(places)
  const shown = displayedImages(batch.images, { shape, preprocessing: plain })
  images.recycle?.(batch)
  const size = height * width * 3
  return (index) => ({ height, width, values: shown.subarray(index * size, (index + 1) * size) })
}

/** How pictures are read that are shown: what was whitened does not say what it was before. Undefined where they need not be read again. */
export function plainPlan(plan: UsedPlan): UsedPlan | undefined {
  const { whitening, ...preprocessing } = plan.preprocessing
  return whitening === undefined ? undefined : { ...plan, preprocessing }
}
