import type { Preprocessing } from '@convzoo/core'

/** All there is to know of a set that is published as IDX files, as MNIST is. */
export interface IdxSet {
  readonly name: string
  readonly classes: readonly string[]
  /** Mean and standard deviation of its training images, of values in [0, 1]. */
  readonly preprocessing: Preprocessing
  /** Folders in which it may be installed. */
  readonly folders: () => readonly string[]
  /** Where its files are published. */
  readonly base: string
  /** What they must be, unpacked. */
  readonly sha256: Readonly<Record<'train' | 'test', { readonly images: string; readonly labels: string }>>
}
