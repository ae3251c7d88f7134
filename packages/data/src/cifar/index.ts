export { type CifarOptions, cifar, cifarOf, cifarPreprocessing } from './cifar.js'
