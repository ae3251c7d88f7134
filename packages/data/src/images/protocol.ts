import type { BatchPurpose, ImageShape, Preprocessing } from '@convzoo/core'
import type { Pixels } from '../augment/image.js'
import type { CacheStart } from '../cache/picture-cache.js'
import type { DecodeLimits, Header } from './header.js'
import type { RowImage } from './reference.js'

/** What a worker is started with. */
export interface WorkerStart {
  readonly shape: ImageShape
  readonly preprocessing: Preprocessing
  readonly classes: number
  readonly limits: DecodeLimits
  readonly cache: CacheStart | undefined
}

/** One row of a batch. */
export interface Row {
  /** Whose random numbers it gets: the index that was asked for, also where another image stands in for it. */
  readonly sample: number
  readonly image: RowImage
  /** What an earlier epoch found: it need not be read again. */
  readonly header?: Header | undefined
  /** The same decoded, where it is in memory, which is shared. */
  readonly picture?: Pixels | undefined
}

export interface BatchRequest {
  readonly id: number
  readonly rows: readonly Row[]
  readonly purpose: BatchPurpose | undefined
  /** To be filled, in shared memory. */
  readonly images: Float32Array<SharedArrayBuffer>
  readonly targets: Float32Array<SharedArrayBuffer>
}

export interface BatchAnswer {
  readonly id: number
  /** By row: what was found of the picture, where it could be read. */
  readonly headers: readonly (Header | undefined)[]
  /** By row: what was decoded, in shared memory, where it is to be kept. */
  readonly pictures: readonly (Pixels | undefined)[]
  /** What keeps pictures from being kept: that there is no room for one, and what happened. */
  readonly isFull: boolean
  readonly trouble: string | undefined
  /** Rows that could not be read, and why. */
  readonly bad: readonly { readonly row: number; readonly reason: string }[]
  /** A defect of ours, if there was one. */
  readonly defect?: string
}
