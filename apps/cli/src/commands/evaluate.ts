import { ConvzooError } from '@convzoo/core'
import type { Crops, EvaluatedSplit } from '@convzoo/run'
import { cropCounts, evaluatedSplits, sourceDescription, wholeSource } from '@convzoo/run/config'
import type { Command } from 'commander'
import { addEngineFlags, type EngineChoice } from '../flags/engine-flags.js'
import { metricFlag } from '../flags/metric-flag.js'
import { addFlags } from '../flags/training-flags.js'
import {
  addWeightsFlags,
  networkArgument,
  oneNetwork,
  saidOfWeights,
  type WeightsFlags,
} from '../flags/weights-flags.js'
import { oneOf, wholeNumber } from '../terminal/arguments.js'
import { csvRows } from '../terminal/csv.js'
import { evaluationJson, evaluationLines, evaluationTable } from '../terminal/evaluation.js'
import { say, sayJson, sayRows, warn } from '../terminal/output.js'
import { writeOutput } from '../terminal/output-file.js'
import { watchedBy } from '../terminal/progress.js'
import { openScreen } from '../terminal/screen.js'

/** Mistakes on a picture. */
const mostMistakes = 40

interface EvaluateFlags extends WeightsFlags {
  readonly data?: string
  readonly split?: EvaluatedSplit
  readonly limit?: number
  readonly batchSize?: number
  readonly mistakes?: string
  readonly crops: Crops
  readonly metric?: readonly string[]
  readonly json?: boolean
  readonly csv?: boolean
}

export async function addEvaluate(program: Command, parameters: readonly string[]): Promise<void> {
  const command = program
    .command('evaluate')
    .description(
      'How well a trained network does on images that it has not learnt from: loss, top-1, top-5, each class, confusion matrix, metrics.',
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
    .option('--json', 'for programs')
    .option('--csv', 'for spreadsheets: a value a line')
  if (parameters.includes('evaluate')) addFlags(command, [metricFlag()])
  addWeightsFlags(command)
  const engine = await addEngineFlags(command, parameters)
  command.action((run: string | undefined, flags: EvaluateFlags) => evaluate(run, flags, engine))
}

async function evaluate(run: string | undefined, flags: EvaluateFlags, engine: EngineChoice): Promise<void> {
  const { data, mistakes: file, split, limit, batchSize, crops, metric: metrics, json, csv } = flags
  if (json === true && csv === true) throw both()
  const { openWeights } = await import('@convzoo/run')
  await using network = await openWeights(oneNetwork('evaluate', flags, run), {
    ...saidOfWeights(flags),
    ...engine(),
    ...watchedBy(await openScreen()),
  })
  const options = { split, limit, batchSize, crops, metrics, ...(file === undefined ? {} : { mistakes: mostMistakes }) }
  const result = await network.evaluate(data, options)
  const { classes, dataset, mistakes = [] } = result
  if (json === true) await sayJson(evaluationJson(result))
  else if (csv === true) await sayRows(csvRows(evaluationTable(result)))
  else await say(evaluationLines(result))
  if (file === undefined) return
  const png = await network.drawMistakes({ mistakes, dataset, classes })
  if (png === undefined) {
    void warn(`There are no mistakes to draw; ${file} was not written.`)
    return
  }
  await writeOutput(file, png)
  void warn(`${mistakes.length} mistakes: ${file}`)
}

const both = (): ConvzooError =>
  new ConvzooError({
    kind: 'option',
    message: 'These options of evaluate do not go together.',
    expected: 'one of them',
    received: '--json, --csv',
  })
