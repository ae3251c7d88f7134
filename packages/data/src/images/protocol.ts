import type { BatchPurpose, ImageShape, Preprocessing } from '@convzoo/core'
import type { DecodeLimits, Header } from './decode.js'
import type { ImageReference } from './reference.js'

/** What a worker is started with. */
export interface WorkerStart {
  readonly shape: ImageShape
  readonly preprocessing: Preprocessing
  readonly classes: number
  readonly limits: DecodeLimits
}

/** One row of a batch. */
export interface Row {
  /** Whose random numbers it gets: the index that was asked for, also where another image stands in for it. */
  readonly sample: number
  readonly image: ImageReference
  /** What an earlier epoch found: it need not be read again. */
  readonly header?: Header | undefined
}

export interface BatchRequest {
  readonly id: number
  readonly rows: readonly Row[]
  readonly purpose: BatchPurpose | undefined
  /** To be filled; their memory comes back. */
  readonly images: Float32Array<ArrayBuffer>
  readonly targets: Float32Array<ArrayBuffer>
}

export interface BatchAnswer {
  readonly id: number
  readonly images: Float32Array<ArrayBuffer>
  readonly targets: Float32Array<ArrayBuffer>
  /** By row: what was found of the picture, where it could be read. */
  readonly headers: readonly (Header | undefined)[]
  /** Rows that could not be read, and why. */
  readonly bad: readonly { readonly row: number; readonly reason: string }[]
  /** A defect of ours, if there was one. */
  readonly defect?: string
}
