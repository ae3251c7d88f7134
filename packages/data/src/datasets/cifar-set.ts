import type { Preprocessing } from '@convzoo/core'

/** All there is to know of one of CIFAR's two sets, in its binary version. Krizhevsky, "Learning multiple layers of features", 2009. */
export interface CifarSet {
  readonly name: 'cifar10' | 'cifar100'
  /** Its files, by split. */
  readonly train: readonly [string, ...string[]]
  readonly test: readonly [string]
  /** The file with the names of its classes. */
  readonly names: string
  /** Bytes before each image; the label is the last of them. */
  readonly labelBytes: number
  /** Mean and standard deviation of the training images, of values in [0, 1], as published code for both sets has them. */
  readonly preprocessing: Preprocessing
  /** The archive, and the folder that it holds. */
  readonly url: string
  readonly sha256: string
  readonly folder: string
}
