import type { RunConfig } from './config.js'
import { papers } from './optimizer-defaults.js'

/** A part of a configuration: what a run takes where nothing else is said. */
export type Recipe = Pick<RunConfig, 'optimizer' | 'schedule' | 'loss' | 'training'>

/** By name. */
export const recipes = {
  /** The notebook's compile call: SGDW with a constant rate. */
  notebook: { optimizer: { name: 'sgdw', learningRate: 0.001, ...papers }, schedule: 'constant' },
} as const satisfies Readonly<Record<string, Recipe>>
