import { type Clipping, type Optimizer, type Schedule, sgdw } from '@convzoo/core'

/** What an optimizer is made from. */
export interface OptimizerSettings {
  readonly weightDecay: number
  readonly momentum: number | undefined
  readonly nesterov: boolean | undefined
}

interface Common {
  readonly learningRate: number | Schedule
  readonly weightDecay: number
  readonly clipping: Clipping
}

/** One row an optimizer. */
const optimizers = {
  sgdw: (common: Common, { momentum = 0.9, nesterov = false }: OptimizerSettings): Optimizer =>
    sgdw({ ...common, momentum, nesterov }),
}

export type OptimizerName = keyof typeof optimizers
export const optimizerNames = Object.keys(optimizers) as readonly OptimizerName[]

/** The optimizer that a run's settings describe. */
export function optimizerOf(
  settings: OptimizerSettings & { readonly optimizer: OptimizerName; readonly clipNorm: number | undefined },
  learningRate: number | Schedule,
): Optimizer {
  const { optimizer, weightDecay, clipNorm } = settings
  const clipping = clipNorm === undefined ? {} : { globalNorm: clipNorm }
  return optimizers[optimizer]({ learningRate, weightDecay, clipping }, settings)
}
