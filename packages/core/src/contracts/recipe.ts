import type { PlainData } from './callback.js'

/** Something that is chosen by its name, with options of its own. */
export type RecipeChoice = string | { readonly name: string; readonly [option: string]: PlainData }

/**
 * How a network is trained where nothing else is said, as plain data: a part of a run's configuration. What it leaves out is as a run has
 * it anyway.
 *
 * @example
 * const paper: Recipe = {
 *   optimizer: { name: 'sgdL2', learningRate: 0.01, momentum: 0.9, weightDecay: 5e-4 },
 *   schedule: 'stepDecay',
 *   training: { epochs: 90, batchSize: 128 },
 * }
 */
export interface Recipe {
  readonly optimizer?: RecipeChoice
  /** Of the learning rate, over the run. */
  readonly schedule?: RecipeChoice
  readonly loss?: RecipeChoice
  readonly training?: { readonly epochs?: number; readonly batchSize?: number }
}
