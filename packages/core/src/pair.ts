/** A pair of lengths: rows (height) first, columns (width) second. */
export type Pair = readonly [number, number]

/** Cells added around an image: rows above and below, columns left and right. */
export interface Border {
  readonly top: number
  readonly bottom: number
  readonly left: number
  readonly right: number
}
