import { printable } from '@convzoo/core/define'
import type { Crops, EvaluatedSplit } from '@convzoo/run'
import { cropCounts, evaluatedSplits, sourceDescription, wholeSource } from '@convzoo/run/config'
import type { Evaluation } from '@convzoo/trainer'
import type { Command } from 'commander'
import { addEngineFlags, type EngineChoice } from '../flags/engine-flags.js'
import {
  addWeightsFlags,
  networkArgument,
  oneNetwork,
  saidOfWeights,
  type WeightsFlags,
} from '../flags/weights-flags.js'
import { oneOf, wholeNumber } from '../terminal/arguments.js'
import { say, warn } from '../terminal/output.js'
import { writeOutput } from '../terminal/output-file.js'
import { percent, watchedBy } from '../terminal/progress.js'
import { Screen } from '../terminal/screen.js'

/** Mistakes on a picture. */
const mostMistakes = 40

interface EvaluateFlags extends WeightsFlags {
  readonly data?: string
  readonly split?: EvaluatedSplit
  readonly limit?: number
  readonly batchSize?: number
  readonly mistakes?: string
  readonly crops: Crops
}

export async function addEvaluate(program: Command, parameters: readonly string[]): Promise<void> {
  const command = program
    .command('evaluate')
    .description(
      'How well a trained network does on images that it has not learnt from: loss, top-1, top-5, confusion matrix.',
    )
    .argument('[run]', networkArgument)
    .option('--data <source>', `other images: ${sourceDescription} (the run's own)`, wholeSource)
    .option(
      '--split <name>',
      `${evaluatedSplits.join(', ')} (test, or else validation; other images without splits: all)`,
      oneOf('--split', evaluatedSplits),
    )
    .option('--limit <images>', 'only the first so many images of a split', wholeNumber('--limit', 1))
    .option('--batch-size <number>', 'images at a time (100)', wholeNumber('--batch-size', 1))
    .option(
      '--crops <number>',
      'one, the centre, or ten, as the papers have it: the mean',
      oneOf('--crops', cropCounts),
      'one',
    )
    .option('--mistakes <file>', `a PNG with the ${mostMistakes} mistakes of the highest losses`)
  addWeightsFlags(command)
  const engine = await addEngineFlags(command, parameters)
  command.action((run: string | undefined, flags: EvaluateFlags) => evaluate(run, flags, engine))
}

async function evaluate(run: string | undefined, flags: EvaluateFlags, engine: EngineChoice): Promise<void> {
  const { data, mistakes: file, split, limit, batchSize, crops } = flags
  const { openWeights } = await import('@convzoo/run')
  await using network = await openWeights(oneNetwork('evaluate', flags, run), {
    ...saidOfWeights(flags),
    ...engine(),
    ...watchedBy(new Screen()),
  })
  const options = { split, limit, batchSize, crops, ...(file === undefined ? {} : { mistakes: mostMistakes }) }
  const result = await network.evaluate(data, options)
  const { classes, dataset, mistakes = [] } = result
  const words = wordsOf[result.split]
  await say([
    `${result.samples} ${words}images of ${printable(dataset.name)}; rows are true classes, columns predicted ones`,
    ...confusionLines(result.confusion, classes),
    `loss ${result.loss.toFixed(4)}`,
    `top-5 accuracy ${percent(result.top5)}`,
    `${words}accuracy ${percent(result.top1)}`,
  ])
  if (file === undefined) return
  const png = await network.drawMistakes({ mistakes, dataset, classes })
  if (png === undefined) {
    void warn(`There are no mistakes to draw; ${file} was not written.`)
    return
  }
  await writeOutput(file, png)
  void warn(`${mistakes.length} mistakes: ${file}`)
}

/** What stands before "images" and "accuracy". */
const wordsOf = { train: 'training ', validation: 'validation ', test: 'test ', all: '' } as const

/** The matrix, with the classes before rows and above columns. */
function confusionLines(confusion: Evaluation['confusion'], classes: readonly string[]): readonly string[] {
  const names = classes.map((name) => printable(name, widestClass))
  const cells = [['', ...names], ...confusion.map((counts, index) => [names[index] ?? '', ...counts.map(String)])]
  const width = cells.flat().reduce((most, { length }) => Math.max(most, length), 0) + 1
  return cells.map((row) => row.map((each) => each.padStart(width)).join(''))
}

/** UTF-16 units of a class in the matrix, where each column is as wide as the widest. */
const widestClass = 20
