import { ConvzooError } from '@convzoo/core'
import type { Crops } from '@convzoo/run'
import { cropCounts } from '@convzoo/run/config'
import type { Command } from 'commander'
import { addEngineFlags, type EngineChoice } from '../flags/engine-flags.js'
import { addEvaluatedFlags, type EvaluatedFlags } from '../flags/evaluated-flags.js'
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
import { openLog } from '../terminal/log.js'
import { type LogFormat, logFormatFlag } from '../terminal/log-format.js'
import { say, sayJson, sayRows, warn } from '../terminal/output.js'
import { writeOutput } from '../terminal/output-file.js'

/** Mistakes on a picture. */
const mostMistakes = 40

interface EvaluateFlags extends WeightsFlags, EvaluatedFlags {
  readonly batchSize?: number
  readonly mistakes?: string
  readonly crops: Crops
  readonly metric?: readonly string[]
  readonly json?: boolean
  readonly csv?: boolean
  readonly logFormat?: LogFormat
}

export async function addEvaluate(program: Command, parameters: readonly string[]): Promise<void> {
  const command = program
    .command('evaluate')
    .description(
      'How well a trained network does on images that it has not learnt from: loss, top-1, top-5, each class, confusion matrix, metrics.',
    )
    .argument('[run]', networkArgument)
  addEvaluatedFlags(command)
  command
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
    .option(...logFormatFlag)
  if (parameters.includes('evaluate')) addFlags(command, [metricFlag()])
  addWeightsFlags(command)
  const engine = await addEngineFlags(command, parameters)
  command.action((run: string | undefined, flags: EvaluateFlags) => evaluate(run, flags, engine))
}

async function evaluate(run: string | undefined, flags: EvaluateFlags, engine: EngineChoice): Promise<void> {
  const { data, mistakes: file, split, limit, batchSize, crops, metric: metrics, json, csv, logFormat } = flags
  const forms = { '--json': json === true, '--csv': csv === true, '--log-format json': logFormat === 'json' }
  const asked = Object.entries(forms).flatMap(([flag, isAsked]) => (isAsked ? [flag] : []))
  if (asked.length > 1) throw notTogether(asked)
  const { openWeights } = await import('@convzoo/run')
  const log = await openLog(logFormat)
  await using network = await openWeights(oneNetwork('evaluate', flags, run), {
    ...saidOfWeights(flags),
    ...engine(),
    ...log.listener,
  })
  const options = { split, limit, batchSize, crops, metrics, ...(file === undefined ? {} : { mistakes: mostMistakes }) }
  const result = await network.evaluate(data, options)
  const { classes, dataset, mistakes = [] } = result
  /** How many mistakes were drawn: none where there are none. */
  const draw = async (path: string): Promise<number> => {
    const png = await network.drawMistakes({ mistakes, dataset, classes })
    if (png === undefined) return 0
    await writeOutput(path, png)
    return mistakes.length
  }
  if (logFormat === 'json') {
    const picture = file !== undefined && (await draw(file)) > 0 ? { picture: file } : {}
    await log.end({ ...evaluationJson(result), ...picture }, () => undefined)
    return
  }
  if (json === true) await sayJson(evaluationJson(result))
  else if (csv === true) await sayRows(csvRows(evaluationTable(result)))
  else await say(evaluationLines(result))
  if (file === undefined) return
  const drawn = await draw(file)
  const words = drawn === 0 ? `There are no mistakes to draw; ${file} was not written.` : `${drawn} mistakes: ${file}`
  void warn(words)
}

const notTogether = (flags: readonly string[]): ConvzooError =>
  new ConvzooError({
    kind: 'option',
    message: 'These options of evaluate do not go together.',
    expected: 'one of them',
    received: flags.join(', '),
  })
