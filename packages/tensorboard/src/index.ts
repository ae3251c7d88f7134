export { readScalars, type ScalarEvent } from './read-scalars.js'
export { type TensorboardOptions, tensorboard } from './tensorboard.js'
