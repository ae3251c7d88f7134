import { nin } from '@convzoo/nin'
import type { Digits } from './digits.js'
import { preprocessing } from './digits.js'
import { identity, momentum, type Settings, seed, weightDecay } from './settings.js'

/**
 * The training of the page as the config.json of a run: in a folder with it, and the checkpoint in `checkpoints/`, the command line goes on
 * with the training, evaluates and predicts.
 */
export function runConfig({ side, batchSize, epochs, learningRate }: Settings, { train, test }: Digits): object {
  return {
    format: 'run/v2',
    network: { id: identity.architecture, input: [side, side, 1] },
    data: { source: train.name, limit: train.length, testLimit: test.length },
    optimizer: { name: 'sgdw', learningRate, momentum, weightDecay },
    schedule: { name: 'constant' },
    training: { epochs, batchSize, validateEvery: 1, seed },
    engine: { name: 'auto', device: 'auto' },
    made: { package: nin.package, classes: train.classes.length, classNames: train.classes, preprocessing },
  }
}
