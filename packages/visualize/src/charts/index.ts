export { confusionSvg } from './confusion.js'
export { curvesSvg } from './curves.js'
export { type LearningRatePoint, learningRatesSvg } from './learning-rates.js'
