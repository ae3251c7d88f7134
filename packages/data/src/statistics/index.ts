export { type StatisticsOptions, type TrainingStatistics, trainingStatistics } from './training-statistics.js'
