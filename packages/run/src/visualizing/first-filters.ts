import { countOf, type Look, leastWidth, type VisualizedPicture } from './pictures.js'

/** The filters of a convolution, by default of the first. */
export async function drawFilters(
  { inside, network, draw }: Look,
  options: { readonly layer?: string | undefined } = {},
): Promise<VisualizedPicture> {
  const found = await inside.filters(network, options)
  const tiles = inside.filterTiles(found)
  return {
    name: 'filters-1',
    png: await draw(tiles, Math.ceil(Math.sqrt(countOf(tiles))), leastWidth.map),
    caption: `The ${found.shape.at(-1)} filters of ${found.layer}, from 0 row by row, each stretched from its least to its largest weight`,
  }
}
