import { adamW, type Clipping, type Optimizer, type Schedule, sgd, sgdL2, sgdw } from '@convzoo/core'
import { given, requireUsed } from './used-options.js'

/** What an optimizer may be made from besides its learning rate. What is not given is as the table says, or as core does. */
export interface OptimizerSettings {
  readonly weightDecay: number | undefined
  readonly momentum: number | undefined
  readonly nesterov: boolean | undefined
  readonly dampening: number | undefined
  readonly convention: 'pytorch' | 'caffe' | undefined
  readonly beta1: number | undefined
  readonly beta2: number | undefined
  readonly epsilon: number | undefined
}

interface Common {
  readonly learningRate: number | Schedule
  readonly clipping: Clipping
}

interface Row {
  /** The settings that it has. */
  readonly uses: readonly (keyof OptimizerSettings)[]
  readonly make: (common: Common, settings: OptimizerSettings) => Optimizer
}

/** The decay and the momentum of AlexNet's paper, where nothing is said. */
const papers = { weightDecay: 5e-4, momentum: 0.9 }

/** By the names that core gives them. */
const optimizers = {
  sgdw: {
    uses: ['weightDecay', 'momentum', 'nesterov'],
    make: (common, { weightDecay, momentum, nesterov }) =>
      sgdw({ ...papers, ...common, ...given({ weightDecay, momentum, nesterov }) }),
  },
  sgd: {
    uses: ['weightDecay', 'momentum', 'nesterov'],
    make: (common, { weightDecay, momentum, nesterov }) =>
      sgd({ ...papers, ...common, ...given({ weightDecay, momentum, nesterov }) }),
  },
  sgdL2: {
    uses: ['weightDecay', 'momentum', 'nesterov', 'dampening', 'convention'],
    make: (common, { weightDecay, momentum, nesterov, dampening, convention }) =>
      sgdL2({ ...papers, ...common, ...given({ weightDecay, momentum, nesterov, dampening, convention }) }),
  },
  adamW: {
    uses: ['weightDecay', 'beta1', 'beta2', 'epsilon'],
    make: (common, { weightDecay, beta1, beta2, epsilon }) =>
      adamW({ ...common, ...given({ weightDecay, beta1, beta2, epsilon }) }),
  },
} as const satisfies Readonly<Record<string, Row>>

export type OptimizerName = keyof typeof optimizers
export const optimizerNames = Object.keys(optimizers) as readonly OptimizerName[]

/**
 * The optimizer that a run's settings describe.
 *
 * @throws ConvzooError of kind `option` if a setting is given that it does not have, or that core refuses.
 */
export function optimizerOf(
  settings: OptimizerSettings & { readonly optimizer: OptimizerName; readonly clipNorm: number | undefined },
  learningRate: number | Schedule,
): Optimizer {
  const row: Row = optimizers[settings.optimizer]
  requireUsed('--optimizer', settings.optimizer, optimizers, settings)
  return row.make({ learningRate, clipping: given({ globalNorm: settings.clipNorm }) }, settings)
}
