import { categoricalCrossentropy } from './categorical-crossentropy.js'
import type { LossDefinition } from './define-loss.js'

/** Core's own kinds of losses, by name: for lists, flags and configurations. */
export const lossDefinitions = { categoricalCrossentropy } as const satisfies Readonly<Record<string, LossDefinition>>
