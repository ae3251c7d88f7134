import { ConvzooError, type Split } from '@convzoo/core'
import { splitNames } from '@convzoo/core/define'
import { sourceDescription, wholeSource } from '@convzoo/run/config'
import type { Command } from 'commander'
import { addEngineFlags, type EngineChoice } from '../flags/engine-flags.js'
import {
  addWeightsFlags,
  namedWeights,
  networkArgument,
  saidOfWeights,
  type WeightsFlags,
} from '../flags/weights-flags.js'
import { indexList, oneOf, wholeNumber } from '../terminal/arguments.js'
import { say, sayJson, sayRows } from '../terminal/output.js'
import { predictionLines, predictionTable } from '../terminal/predictions.js'
import { watchedBy } from '../terminal/progress.js'
import { openScreen } from '../terminal/screen.js'

interface PredictFlags extends WeightsFlags {
  readonly data?: string
  readonly split?: Split
  readonly index?: readonly number[]
  readonly top: number
  readonly json?: boolean
  readonly csv?: boolean
}

export async function addPredict(program: Command, parameters: readonly string[]): Promise<void> {
  const command = program
    .command('predict')
    .description('What a trained network takes images for: the most probable classes.')
    .argument('[run]', networkArgument)
    .argument('[files...]', "images and folders of images, instead of the run's own; all arguments with --weights")
    .option('--data <source>', `whose images: ${sourceDescription} (the run's own)`, wholeSource)
    .option('--split <name>', `${splitNames.join(', ')} (test, or else validation)`, oneOf('--split', splitNames))
    .option('--index <list>', 'which images: 0-9, 3,5,8, or both mixed (0; of files all)', indexList('--index'))
    .option('--top <number>', 'classes an image', wholeNumber('--top', 1), 5)
    .option('--json', 'for programs')
    .option('--csv', 'for spreadsheets')
  addWeightsFlags(command)
  const engine = await addEngineFlags(command, parameters)
  command.action((run: string | undefined, files: readonly string[], flags: PredictFlags) =>
    predict(run === undefined ? files : [run, ...files], flags, engine),
  )
}

async function predict(given: readonly string[], flags: PredictFlags, engine: EngineChoice): Promise<void> {
  const { json, csv, top, data, split, index } = flags
  const { place, others: files } = namedWeights('predict', flags, given)
  requireFitting(files, flags)
  const { openWeights } = await import('@convzoo/run')
  await using network = await openWeights(place, {
    ...saidOfWeights(flags),
    ...engine(),
    ...watchedBy(await openScreen()),
  })
  const predictions =
    files.length > 0
      ? await network.predict(files, { top })
      : await network.predictSamples({ data, split, index }, { top })
  if (json === true) await sayJson(predictions)
  else if (csv === true) await sayRows(predictionTable(predictions))
  else await say(predictionLines(predictions))
}

/** Refuses options of which one would be ignored. */
function requireFitting(files: readonly string[], { data, split, index, json, csv }: PredictFlags): void {
  const ofSets = Object.entries({ '--data': data, '--split': split, '--index': index })
  const unused = files.length === 0 ? [] : ofSets.filter(([, value]) => value !== undefined).map(([name]) => name)
  if (unused.length > 0) throw unfit(`${unused.join(', ')} beside files`, 'files, or images of a set')
  if (json === true && csv === true) throw unfit('--json, --csv', 'one of them')
}

const unfit = (received: string, expected: string): ConvzooError =>
  new ConvzooError({ kind: 'option', message: 'These options of predict do not go together.', expected, received })
