import { bound, type Shader } from '../shader.js'
import type { TiledProduct, TileSize } from './product.js'

/** On one axis; the standard promises 65,535. */
const mostGroups = 32_768

/** The workgroups of a product: their number, and the beginning of a shader that says which tile of which part each has. */
export interface Grid {
  readonly groups: Shader['groups']
  /** Declares `product`, `part`, `firstRow` and `firstColumn`, unsigned. */
  readonly text: string
}

/** A workgroup for each tile and part. */
export function gridOf({ rows, columns, products = 1 }: TiledProduct, tile: TileSize, parts: number): Grid {
  // There may be more rows of tiles than workgroups on an axis.
  const rowsOfTiles = Math.ceil(rows / tile.rows)
  const slabs = Math.ceil(rowsOfTiles / mostGroups)
  const slab = Math.ceil(rowsOfTiles / slabs)
  return {
    groups: [Math.ceil(columns / tile.columns), slab, products * parts * slabs],
    text: `${bound}
  let product = workgroupId.z / ${parts * slabs};
  let part = (workgroupId.z / ${slabs}) % ${parts};
  let firstRow = ((workgroupId.z % ${slabs}) * ${slab} + workgroupId.y) * ${tile.rows};
  let firstColumn = workgroupId.x * ${tile.columns};`,
  }
}
