import { ConvzooError } from '@convzoo/core'
import type { Command } from 'commander'
import { addTrainingFlags, type SettingName, type TrainingSettings } from '../training/flags.js'

interface TrainFlags extends TrainingSettings {
  readonly run?: string
  readonly resume?: string
  readonly allowChangedData?: boolean
}

export function addTrain(program: Command): void {
  const command = program
    .command('train')
    .description(
      'Trains a network and tests it; everything it makes goes into a run folder, from which it can be resumed.',
    )
    .argument('[id]', 'name or name.tag, such as alexnet')
  addTrainingFlags(command)
    .option('--run <folder>', 'where the run goes (runs/<id>-<data>-<time>)')
    .option('--resume <folder>', 'go on with a run that was stopped; needs no other option')
    .option('--allow-changed-data', 'with --resume: go on with other images than it was started with')
    .action(async (id: string | undefined, { run, resume, allowChangedData = false, ...settings }: TrainFlags) => {
      const { resumeTraining, runTraining } = await import('./run-training.js')
      if (resume !== undefined) {
        if (run !== undefined && run !== resume) throw unfit('--run', 'no --run beside --resume', run)
        const isGiven = (name: SettingName): boolean => command.getOptionValueSource(name) === 'cli'
        await resumeTraining(resume, { id, settings, isGiven, allowChangedData })
      } else if (allowChangedData) {
        throw unfit('--allow-changed-data', '--resume beside it', 'no --resume')
      } else if (id === undefined) {
        throw unfit('<id>', 'the id of a network, such as alexnet, or --resume <folder>', 'neither')
      } else if (settings.data === undefined) {
        throw nothingToTrainOn(id)
      } else {
        await runTraining(id, { ...settings, data: settings.data }, run)
      }
    })
}

function nothingToTrainOn(id: string): ConvzooError {
  const examples = ['flowers', 'mnist --input 67x67x1', 'cifar10 --input 67x67x3']
  return new ConvzooError({
    kind: 'option',
    message: `What should ${id} be trained on?`,
    expected:
      '--data with a folder that has a folder of photographs for each class, with a set by its name, or another source',
    received: 'no --data',
    mend: examples.map((data) => `convzoo train ${id} --data ${data}`).join(', or '),
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
