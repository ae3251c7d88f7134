import { ConvzooError } from '@convzoo/core'
import {
  changedConfig,
  type RunChanges,
  type RunConfig,
  readConfigFile,
  recipes,
  usualRecipe,
} from '@convzoo/run/config'
import type { Command } from 'commander'
import { addFlags, configOf, noFlags, trainingFlags } from '../flags/training-flags.js'
import { logFormatFlag } from '../terminal/log-format.js'
import { portOf } from './live.js'
import type { ShownBy } from './shown-run.js'
import type { Trial } from './trials.js'

interface TrainFlags extends ShownBy {
  readonly run?: string
  readonly resume?: string
  readonly config?: string
  readonly recipe?: string
  readonly allowChangedData?: boolean
  readonly dryRun?: boolean
  readonly findLearningRate?: string | true
}

const recipeNames = Object.keys(recipes).join(', ')

/** Adds `train`. Its flags depend on what the command line chooses by name. */
export async function addTrain(program: Command, parameters: readonly string[]): Promise<void> {
  const command = program
    .command('train')
    .description(
      'Trains a network and tests it; everything it makes goes into a run folder, from which it can be resumed.',
    )
    .argument('[id]', 'name or name.tag, such as alexnet')
    .option('--run <folder>', 'where the run goes (runs/<id>-<data>-<time>)')
    .option('--config <file>', 'YAML or JSON with all of this, such as the config.json of a run; flags go before it')
    .option(
      '--recipe <name>',
      `how it is trained where the file and flags do not say: ${recipeNames}, or one of the network's own, which list names (${usualRecipe})`,
    )
    .option('--resume <folder>', 'go on with a run that was stopped; needs no other option')
    .option('--dry-run', 'a few steps of each kind: what the run would take of time, memory and disk; nothing is kept')
    .option(
      '--find-learning-rate [file]',
      `train a little with growing rates, and suggest one: an SVG of the losses (${usualPicture}); nothing else is kept`,
    )
    .option('--allow-changed-data', 'with --resume: go on with other images than it was started with')
    .option(
      '--live [port]',
      'show the run in the browser while it goes on, at 127.0.0.1 (any port that is free)',
      portOf('--live'),
    )
    .option('--no-report', 'write no report.html into the run folder')
    .option(...logFormatFlag)
  // What is installed is looked up only where it is needed.
  const flags = parameters.includes('train') ? await trainingFlags(parameters) : noFlags
  addFlags(command, flags.flags)
  command.action(async (id: string | undefined, given: TrainFlags) => {
    const { run, resume, config: file, recipe, allowChangedData = false, report, live, logFormat } = given
    const shown = { report, live, logFormat }
    const trial = trialOf(given)
    if (trial !== undefined && live !== undefined) throw unfit('--live', `no --live beside ${trial.flag}`, '--live')
    const said = configOf(command, flags)
    const { resumeTraining, runTraining } = await import('./run-training.js')
    if (resume !== undefined) {
      if (run !== undefined && run !== resume) throw unfit('--run', 'no --run beside --resume', run)
      if (file !== undefined) throw unfit('--config', 'no --config beside --resume', file)
      if (recipe !== undefined) throw unfit('--recipe', 'no --recipe beside --resume', recipe)
      if (trial !== undefined) throw unfit(trial.flag, `no ${trial.flag} beside --resume`, trial.flag)
      await resumeTraining(resume, { changes: withNetwork(id, said) as RunChanges, allowChangedData }, shown)
      return
    }
    if (allowChangedData) throw unfit('--allow-changed-data', '--resume beside it', 'no --resume')
    const read = file === undefined ? {} : await readConfigFile(file)
    const config = changedConfig(read, withNetwork(id, said) as RunChanges)
    if (config.network === undefined) {
      throw unfit('<id>', 'the id of a network, such as alexnet, or --resume <folder>', 'neither')
    }
    if (config.data === undefined) throw nothingToTrainOn(id ?? 'it')
    const whole = { ...config, network: config.network, data: config.data } as RunConfig
    if (trial === undefined) await runTraining(whole, { folder: run, recipe }, shown)
    else await trial.tell(whole, { recipe, logFormat })
  })
}

/** Where the losses over learning rates are drawn. */
const usualPicture = 'learning-rate.svg'

/** What of a training is tried, in place of a run. */
function trialOf({ dryRun, findLearningRate: picture }: TrainFlags) {
  if (dryRun === true && picture !== undefined) {
    throw unfit('--dry-run', 'one of --dry-run and --find-learning-rate', 'both')
  }
  if (dryRun === true) {
    const tell = async (config: RunConfig, how: Trial): Promise<void> =>
      (await import('./trials.js')).tellDryRun(config, how)
    return { flag: '--dry-run', tell }
  }
  if (picture === undefined) return undefined
  const file = picture === true ? usualPicture : picture
  const tell = async (config: RunConfig, how: Trial): Promise<void> =>
    (await import('./trials.js')).tellLearningRate(config, how, file)
  return { flag: '--find-learning-rate', tell }
}

type Config = { readonly [Section in keyof RunConfig]?: unknown }

type Fields = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function withNetwork(id: string | undefined, said: Config): Config {
  const network: Fields = isObject(said.network) ? said.network : {}
  const named = id === undefined ? network : { ...network, id }
  return Object.keys(named).length === 0 ? said : { ...said, network: named }
}

function nothingToTrainOn(id: string): ConvzooError {
  const examples = ['flowers', 'mnist --input 67x67x1', 'cifar10 --input 67x67x3']
  return new ConvzooError({
    kind: 'option',
    message: `What should ${id} be trained on?`,
    expected:
      '--data with a folder that has a folder of photographs for each class, with a set by its name, or another source',
    received: 'no --data',
    hint: examples.map((data) => `convzoo train ${id} --data ${data}`).join(', or '),
  })
}

function unfit(argument: string, expected: string, received: string): ConvzooError {
  return new ConvzooError({
    kind: 'option',
    message: `The argument ${argument} of train cannot be used.`,
    expected,
    received,
  })
}
