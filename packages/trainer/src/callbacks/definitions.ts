import { checkpoints } from './checkpoints.js'
import { earlyStopping } from './early-stopping.js'
import { keepBest } from './keep-best.js'
import { progress } from './progress.js'
import { recorder } from './recorder.js'
import { reduceOnPlateau } from './reduce-on-plateau.js'
import { waitMeter } from './wait-meter.js'

/** The trainer's own kinds of callbacks, by name: for lists, flags and configurations. */
export const callbackDefinitions = {
  checkpoints,
  earlyStopping,
  keepBest,
  progress,
  recorder,
  reduceOnPlateau,
  waitMeter,
} as const
