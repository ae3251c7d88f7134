import { abortSignal, defineOptions, integer, numberAbove, optional, text, unusableOption } from '@convzoo/core/define'
import { usualRecipe } from '../config/recipes.js'
import { listenerOptions, type RunListener, type Told, toldTo } from '../listener.js'

/** How something of a run is tried. */
export interface TrialOptions extends RunListener {
  /** A recipe of the network by name, which says what the configuration does not; `modern` by default. */
  readonly recipe?: string | undefined
  readonly signal?: AbortSignal | undefined
}

export interface FindLearningRateOptions extends TrialOptions {
  /** The first rate; 1e-7 by default. */
  readonly lowest?: number | undefined
  /** The last rate; 10 by default. */
  readonly highest?: number | undefined
  /** From the one to the other; 100 by default. It ends before, where the loss has grown to four times its least. */
  readonly steps?: number | undefined
}

const shared = { recipe: optional(text, usualRecipe), signal: optional(abortSignal), ...listenerOptions }
const trialOptions = defineOptions(shared)
const findOptions = defineOptions({
  ...shared,
  lowest: optional(numberAbove(0), 1e-7),
  highest: optional(numberAbove(0), 10),
  steps: optional(integer(10), 100),
})

export interface ParsedTrialOptions {
  readonly recipe: string
  readonly signal: AbortSignal | undefined
  readonly told: Told
}

export interface ParsedFindOptions extends ParsedTrialOptions {
  readonly lowest: number
  readonly highest: number
  readonly steps: number
}

/** @throws ConvzooError of kind `option` for an unknown option or a bad value. */
export function parsedTrialOptions(subject: string, given: TrialOptions): ParsedTrialOptions {
  const { recipe, signal, ...listener } = trialOptions.parse(subject, given)
  return { recipe, signal, told: toldTo(listener) }
}

/** @throws ConvzooError of kind `option` for an unknown option or a bad value, or a range that does not grow. */
export function parsedFindOptions(given: FindLearningRateOptions): ParsedFindOptions {
  const { recipe, signal, lowest, highest, steps, ...listener } = findOptions.parse('findLearningRate', given)
  if (highest > lowest) return { recipe, signal, lowest, highest, steps, told: toldTo(listener) }
  throw unusableOption('"highest" of findLearningRate', {
    expected: `a number above "lowest", which is ${lowest}`,
    received: `${highest}`,
  })
}
