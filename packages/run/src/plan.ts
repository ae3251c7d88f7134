import type { ImageShape, Preprocessing } from '@convzoo/core'
import type { RunSettings } from './config/config.js'

/** All that is settled of a run before it begins: its settings, and what was found out of its data. */
export interface RunPlan {
  readonly settings: PlannedSettings
  readonly classes: number
  /** How a picture becomes an input, in training and later. */
  readonly preprocessing: Preprocessing
  /** In the order of the network's output, where they are known. */
  readonly classNames?: readonly string[]
  /** Of all its images, by which they are known again. */
  readonly fingerprint?: string
}

/** What it takes to use a network that is trained: a plan, whose data need not be known. */
export type UsedPlan = Pick<RunPlan, 'classes' | 'preprocessing' | 'classNames' | 'fingerprint'> & {
  readonly settings: {
    readonly network: Pick<PlannedSettings['network'], 'id' | 'input'>
    readonly data: Partial<PlannedSettings['data']>
    readonly metrics?: PlannedSettings['metrics']
  }
}

/** Settings whose network is known to its tag and its input. */
export type PlannedSettings = RunSettings & { readonly network: { readonly id: string; readonly input: ImageShape } }
