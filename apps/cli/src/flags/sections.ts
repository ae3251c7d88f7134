import { type AnyOption, described, integer, numberAbove, numberIn } from '@convzoo/core/define'
import {
  checkpointsSection,
  dataSection,
  networkSection,
  settingWords,
  sourceDescription,
  trainingSection,
  wholeSource,
} from '@convzoo/run/config'
import { type Flag, flagOf } from './flag.js'

type Kinds = Readonly<Record<string, AnyOption>>

/** The flags of a section's settings. */
export function flagsOf(section: string, group: string, kinds: Kinds): readonly Flag[] {
  return Object.entries(kinds).map(([name, option]) => {
    const path = `${section}.${name}`
    return flagOf(settingWords(path), path, group, option)
  })
}

/** The flags of what every run has. */
export function sectionFlags(): readonly Flag[] {
  const { id: _, ...network } = networkSection.kinds
  const { options: ___, ...data } = dataSection.kinds
  const { average: __, ...training } = trainingSection.kinds
  return [
    ...flagsOf('data', 'Data', data).map((flag) => (flag.path === 'data.source' ? sourceFlag : flag)),
    ...flagsOf('network', 'Network', network).map((flag) =>
      flag.path === 'network.input' ? { ...flag, value: '<HxWxC>' } : flag,
    ),
    ...flagsOf('training', 'Training', training),
    flagOf(
      '--average',
      'training.average.decay',
      'Training',
      described(
        'keep an average of the weights, of which a step keeps this part, and test with it (none)',
        numberIn(0, 1),
      ),
    ),
    flagOf(
      '--average-from',
      'training.average.from',
      'Training',
      described('keep an equal mean of the weights after so many steps, and test with it (none)', integer(1)),
    ),
    flagOf(
      '--average-every',
      'training.average.every',
      'Training',
      described('with --average-from: steps from one of the weights to the next (1)', integer(1)),
    ),
    ...flagsOf('checkpoints', 'Checkpoints', checkpointsSection.kinds),
  ]
}

/** A path is kept whole, so that a run finds its images from any folder. */
const sourceFlag: Flag = {
  name: '--data',
  path: 'data.source',
  group: 'Data',
  description: `what to train on: ${sourceDescription}`,
  value: '<source>',
  read: wholeSource,
}

/** Bounds on gradients, which are one option of every optimizer. */
export const clippingFlags: readonly Flag[] = [
  flagOf(
    '--clip-norm',
    'optimizer.clipping.globalNorm',
    'Optimizer',
    described('bound of the global norm of gradients (none)', numberAbove(0)),
  ),
  flagOf(
    '--clip-weight-norm',
    'optimizer.clipping.norm',
    'Optimizer',
    described("bound of the norm of each weight's gradient (none)", numberAbove(0)),
  ),
  flagOf(
    '--clip-value',
    'optimizer.clipping.value',
    'Optimizer',
    described('bound of each element of a gradient (none)', numberAbove(0)),
  ),
]
