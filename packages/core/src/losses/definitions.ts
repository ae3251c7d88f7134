import { categoricalCrossentropy } from './categorical-crossentropy.js'

/** Core's own kinds of losses, by name: for lists, flags and configurations. */
export const lossDefinitions = { categoricalCrossentropy } as const
