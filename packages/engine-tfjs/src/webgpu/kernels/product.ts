import type { Shape } from '@convzoo/core'
import type { Matrix } from './matrix.js'

/**
 * A matrix product whose matrices need not exist: `a` and `b` say where each element of theirs lies. A workgroup computes a tile of it from
 * strips that lie in its shared memory.
 */
export interface TiledProduct {
  readonly name: string
  /** Of the result; where the sum falls into parts, of each of them. */
  readonly shape: Shape
  readonly rows: number
  readonly columns: number
  readonly inner: number
  /** How many products of this form there are: groups of a convolution. */
  readonly products?: number
  readonly a: Matrix
  readonly b: Matrix
  /** Body of `fn place(product : i32, row : i32, column : i32) -> i32`: where the result has this element. */
  readonly place: string
  /** Whether four columns, the first of them a multiple of 4, are one vector of the result. */
  readonly placeFours: boolean
}

/** How many rows and columns a workgroup computes. */
export interface TileSize {
  readonly rows: number
  readonly columns: number
}
