import { internalError } from '@convzoo/core/define'
import type { Shader } from '../shader.js'
import { blockTile, blockTiles, costOf, deepest } from './block-tile.js'
import type { Finish } from './finish.js'
import { isNarrow, narrowTile, narrowTileShader } from './narrow-tile.js'
import type { TiledProduct, TileSize } from './product.js'

/** A part sums at most this many products: more lose digits. */
const longestPart = 8192

/** And at least this many, where the sum has them: a part is stored and read again. */
const shortestPart = 256

/** Workgroups that keep a large GPU busy: nearly four times its 132 processors with two each. More than half of them do, too. */
const wantedGroups = 1000

/** Fewer workgroups than processors take as long as one for each. */
const processors = 128

const tilesOf = ({ rows, columns, products = 1 }: TiledProduct, tile: TileSize): number =>
  Math.ceil(rows / tile.rows) * Math.ceil(columns / tile.columns) * products

/** Into how many parts the sum falls, with tiles of this size. */
function partsWith(product: TiledProduct, tile: TileSize): number {
  const { inner } = product
  const missing = wantedGroups / tilesOf(product, tile)
  const busy = missing < 2 ? 1 : Math.min(Math.round(missing), Math.floor(inner / shortestPart))
  const wanted = Math.max(1, busy, Math.ceil(inner / longestPart))
  // Strips are full.
  const length = Math.ceil(inner / wanted / deepest) * deepest
  return Math.ceil(inner / length)
}

/** How a product is computed. By its shapes alone, so that sums have one order everywhere. */
export interface Plan {
  readonly tile: TileSize
  /** Into how many consecutive parts of the inner dimension it falls: each is computed by itself, for a later sum. */
  readonly parts: number
}

/** The tiles that take a GPU the least time, by counting. */
export function planOf(product: TiledProduct): Plan {
  const plans = (isNarrow(product) ? [narrowTile(product)] : blockTiles).map((tile) => {
    const parts = partsWith(product, tile)
    const rounds = Math.max(tilesOf(product, tile) * parts, processors) / parts
    return { tile, parts, time: rounds * costOf(tile) }
  })
  return plans.reduce((best, plan) => (plan.time < best.time ? plan : best))
}

/** Parts of a sum are a first axis of their own, and are finished when they have been added. */
export function tiledProduct(product: TiledProduct, { tile, parts }: Plan, finish?: Finish): Shader {
  if (parts > 1 && finish !== undefined) throw internalError('Parts of a sum are finished where they are added.')
  return isNarrow(product) ? narrowTileShader(product, parts, finish) : blockTile(product, tile, parts, finish)
}
