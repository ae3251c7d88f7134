export { mostWhitened } from '../augment/whitening.js'
export { fitWhitening } from './fit-whitening.js'
export { type StatisticsOptions, type TrainingStatistics, trainingStatistics } from './training-statistics.js'
