import type { EvaluatedSplit } from '@convzoo/run'
import { evaluatedSplits, sourceDescription, wholeSource } from '@convzoo/run/config'
import type { Command } from 'commander'
import { oneOf, wholeNumber } from '../terminal/arguments.js'

/** Which images a trained network is tried on. */
export interface EvaluatedFlags {
  readonly data?: string
  readonly split?: EvaluatedSplit
  readonly limit?: number
}

export const addEvaluatedFlags = (command: Command): Command =>
  command
    .option('--data <source>', `other images: ${sourceDescription} (the run's own)`, wholeSource)
    .option(
      '--split <name>',
      `${evaluatedSplits.join(', ')} (test, or else validation; other images without splits: all)`,
      oneOf('--split', evaluatedSplits),
    )
    .option('--limit <images>', 'only the first so many images of a split', wholeNumber('--limit', 1))
