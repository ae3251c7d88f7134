export { type CategoricalCrossentropyOptions, categoricalCrossentropy } from './categorical-crossentropy.js'
export type { Loss, LossInputs } from './loss.js'
