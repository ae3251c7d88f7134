export { type CategoricalCrossentropyOptions, categoricalCrossentropy } from './categorical-crossentropy.js'
export { type Loss, type LossInputs, lossOption } from './loss.js'
