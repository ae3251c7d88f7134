import type { ImageShape } from '@convzoo/core'
import type { Command } from 'commander'
import { type DatasetName, datasetNames } from '../catalogs/datasets.js'
import { type DeviceName, deviceNames, type EngineName, engineNames } from '../catalogs/engines.js'
import { imageShape, numberBetween, oneOf, wholeNumber } from '../terminal/arguments.js'

const scheduleNames = ['constant', 'cosine'] as const

/** What a user can set of a training run. */
export interface TrainFlags {
  readonly dataset: DatasetName
  readonly input?: ImageShape
  readonly limit?: number
  readonly testLimit?: number
  readonly epochs: number
  readonly batchSize: number
  readonly learningRate: number
  readonly schedule: (typeof scheduleNames)[number]
  readonly warmUp: number
  readonly weightDecay: number
  readonly momentum: number
  readonly nesterov?: boolean
  readonly clipNorm?: number
  readonly seed: number
  readonly engine: EngineName
  readonly device: DeviceName
  readonly threads?: number
  readonly run?: string
}

export function addTrain(program: Command): void {
  program
    .command('train')
    .description('Trains a network with SGDW and tests it; everything it makes goes into a run folder.')
    .argument('<id>', 'name or name.tag, such as alexnet')
    .option('--dataset <name>', datasetNames.join(', '), oneOf('--dataset', datasetNames), 'mnist')
    .option('--input <HxWxC>', "the input instead of the network's own", imageShape('--input'))
    .option('--limit <images>', 'train on the first so many images (all)', wholeNumber('--limit', 1))
    .option('--test-limit <images>', 'test on the first so many images (all)', wholeNumber('--test-limit', 1))
    .option('--epochs <number>', 'times through the data', wholeNumber('--epochs', 1), 1)
    .option('--batch-size <number>', 'images a step', wholeNumber('--batch-size', 1), 32)
    .option('--learning-rate <rate>', 'at its highest', numberBetween('--learning-rate', 0, 1000), 0.001)
    .option(
      '--schedule <name>',
      'constant, or cosine: falls to 0 by the last step',
      oneOf('--schedule', scheduleNames),
      'constant',
    )
    .option('--warm-up <steps>', 'steps in which the rate rises', wholeNumber('--warm-up', 0), 0)
    .option('--weight-decay <part>', 'part of each weight lost in a step', numberBetween('--weight-decay', 0, 1), 5e-4)
    .option('--momentum <part>', 'part of the velocity that is kept', numberBetween('--momentum', 0, 1), 0.9)
    .option('--nesterov', "Nesterov's momentum")
    .option(
      '--clip-norm <norm>',
      'bound of the global norm of gradients (none)',
      numberBetween('--clip-norm', 1e-12, 1e12),
    )
    .option('--seed <number>', 'of weights, order and dropout', wholeNumber('--seed', 0), 1)
    .option('--engine <name>', engineNames.join(', '), oneOf('--engine', engineNames), 'onnx')
    .option('--device <name>', deviceNames.join(', '), oneOf('--device', deviceNames), 'cpu')
    .option('--threads <number>', 'threads (all)', wholeNumber('--threads', 1))
    .option('--run <folder>', 'where the run goes (runs/<id>-<dataset>-<time>)')
    .action(async (id: string, flags: TrainFlags) => {
      const { runTraining } = await import('./run-training.js')
      await runTraining(id, flags)
    })
}
