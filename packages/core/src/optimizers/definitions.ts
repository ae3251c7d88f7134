import { adamW } from './adamw.js'
import type { OptimizerDefinition } from './define-optimizer.js'
import { sgd } from './sgd.js'
import { sgdL2 } from './sgd-l2.js'
import { sgdw } from './sgdw.js'

/** Core's own kinds of optimizers, by name: for lists, flags and configurations. */
export const optimizerDefinitions = { sgdw, sgd, sgdL2, adamW } as const satisfies Readonly<
  Record<string, OptimizerDefinition>
>
