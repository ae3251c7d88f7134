/** Where an image's bytes are: a file, or a part of one. */
export interface ImageReference {
  readonly path: string
  /** Bytes from the start of the file; 0 by default. */
  readonly offset?: number
  /** Bytes; to the end by default. */
  readonly length?: number
  /** What a report calls it. */
  readonly name: string
  /** What it is called within its source, wherever that is kept and whatever it is called; `name` by default. */
  readonly key?: string
  /** Its class: an index into the listing's classes. */
  readonly label: number
}

/** An image as a worker is asked for it: a file, a part of one, or bytes that are in memory already. */
export type RowImage = ImageReference & { readonly bytes?: Uint8Array }

/** An image that cannot be used, and why. */
export interface BadImage {
  readonly name: string
  readonly reason: string
}

/** What a source holds: images with their classes, in an order that depends on their names alone. */
export interface ImageListing {
  readonly name: string
  readonly classes: readonly string[]
  readonly images: readonly ImageReference[]
  /** Images that were left out already while listing. */
  readonly refused: readonly BadImage[]
  /** Files that are no pictures (captions, `labels.csv`, `Thumbs.db`), and classes without any: noted, never counted as broken. */
  readonly foreign?: readonly BadImage[]
}
